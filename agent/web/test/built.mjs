// The TypeScript under test, bundled in memory.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The source text of src/NAME.ts with all that it imports, in the given format. */
export async function bundle(name, format) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../src/${name}.ts`, import.meta.url))],
    bundle: true,
    write: false,
    format,
    target: "es2020",
    external: ["./touchstone_pow.js", "./touchstone_widget.js"],
    plugins: [{ name: "glue", setup: (build) => build.onResolve({ filter: /\/touchstone_agent\.js$/ }, () => ({ path: GLUE })) }],
  });
  return outputFiles[0].text;
}

/** The exports of src/NAME.ts. */
export async function load(name) {
  return import("data:text/javascript;base64," + Buffer.from(await bundle(name, "esm")).toString("base64"));
}

const GLUE = fileURLToPath(new URL("../../../pkg/touchstone_agent.js", import.meta.url));
