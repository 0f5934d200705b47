// Client and engine in one bundle, so that they share the class of their failures.
export { createClient } from "../src/client.ts";
export { createEngine } from "../src/engine.ts";
