// Describes the glue that the build puts beside index.js.
import type { Glue } from "./engine.ts";

declare const init: Glue["default"];
export default init;
export declare const Agent: Glue["Agent"];
