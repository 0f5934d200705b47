// Describes the file that the build puts beside index.js.
export { ask, show } from "./widget/index.ts";
