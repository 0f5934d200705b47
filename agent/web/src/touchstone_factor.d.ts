// Describes the file that the build puts beside index.js.
export { prompt, send, verify } from "./factor/index.ts";
