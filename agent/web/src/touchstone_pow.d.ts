// Describes the file that the build puts beside index.js.
export { pay } from "./pow.ts";
