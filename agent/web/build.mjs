// Builds everything that ../../pkg holds, byte for byte the same on every machine:
//
//   index.js, index.d.ts        the ES module of the npm package           } in the npm package
//   touchstone_agent.js         wasm-bindgen's glue, cut down and minified }
//   touchstone_agent_bg.wasm    the agent                                  }
//   touchstone_pow.js           the proof of work, loaded on demand        }
//   touchstone_widget.js        widgets and questions, loaded on demand    }
//   touchstone_factor.js        the second factor, loaded on demand        }
//   LICENSE-MIT, LICENSE-APACHE copies of the repository's                  }
//   script.js                   the classic script, with the glue inside; the verifier writes the addresses of the other
//                               files into it
//   touchstone_edge.js          what pages with firewalls and policies need; loaded by edge_loader.js
//   edge_loader.js              what the verifier appends to script.js for such pages
//   shim.js                     sends hard-coded addresses of the incumbent's script to the verifier; readable
//   inspect/                    glue and agent of the `inspect` build, which shows a developer the decoded report
//
// The verifier serves the same glue and the same agent that the npm package holds. pkg's package.json and README.md are
// written by hand.
//
// Needs the pinned Rust toolchain with its wasm32 target, wasm-pack 0.15.1, and `npm ci` in this folder.
//   node build.mjs [--only agent|inspect|face]… [--crate DIR] [--out DIR]
//     --only face    index and script alone, for work on the TypeScript: takes a second

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import * as esbuild from "esbuild";
import { minify } from "terser";
import { cutGlue, renameGlue, usedExports } from "./glue.mjs";

const WEB = fileURLToPath(new URL(".", import.meta.url));
const { values: options } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: ["agent", "inspect", "face"] },
    crate: { type: "string", default: join(WEB, "..") },
    out: { type: "string", default: join(WEB, "../../pkg") },
  },
});
const CRATE = resolve(options.crate);
const REPOSITORY = resolve(CRATE, "..");
const OUT = resolve(options.out);
const NAME = "touchstone_agent";
/** Name in pkg/, source. */
const LAZY = [
  ["touchstone_pow.js", "pow.ts"],
  ["touchstone_widget.js", "widget/index.ts"],
  ["touchstone_factor.js", "factor/index.ts"],
  ["touchstone_edge.js", "edge/index.ts"],
];

const GLUE = new RegExp(`/${NAME}\\.js$`);
const FACE = { absWorkingDir: WEB, bundle: true, charset: "utf8", legalComments: "none", logLevel: "warning" };
const TARGET = "wasm32-unknown-unknown";
/** What rustc uses for this target by default. */
const WASM_FEATURES = [
  "bulk-memory",
  "bulk-memory-opt",
  "call-indirect-overlong",
  "multivalue",
  "mutable-globals",
  "nontrapping-float-to-int",
  "reference-types",
  "sign-ext",
].map((name) => `--enable-${name}`);

const PARTS = {
  agent: () => buildAgent([], OUT),
  inspect: () => buildAgent(["inspect"], join(OUT, "inspect")),
  face: () => buildModule().then(buildScript).then(buildEdgeLoader).then(buildShim).then(buildLazy).then(copyLicences),
};

const scratch = mkdtempSync(join(tmpdir(), "touchstone-build-"));
try {
  for (const part of options.only) await (PARTS[part] ?? unknown)(part);
} finally {
  rmSync(scratch, { recursive: true });
}

function unknown(part) {
  throw new Error(`there is no part ${part}: ${Object.keys(PARTS).join(", ")}`);
}

async function buildAgent(features, out) {
  const raw = join(scratch, features.join("-") || "agent");
  execFileSync("cargo", ["fetch", "--locked", "--target", TARGET], { cwd: CRATE, stdio: "inherit" });
  execFileSync(
    "wasm-pack",
    ["build", CRATE, "--target", "web", "--profile", "wasm", "--no-opt", "--no-pack", "--no-typescript"].concat(
      ["--out-name", NAME, "--out-dir", raw, "--", "--locked", "--no-default-features"],
      features.flatMap((feature) => ["--features", feature]),
    ),
    { stdio: "inherit", env: { ...process.env, CARGO_ENCODED_RUSTFLAGS: rustFlags().join("\x1f") } },
  );

  const cut = cutGlue(readFileSync(join(raw, `${NAME}.js`), "utf8"));
  const { names, wasm } = optimise(join(raw, `${NAME}_bg.wasm`), usedExports(cut));
  const glue = await minified(renameGlue(cut, names), { ecma: 2020, module: true });
  write(out, `${NAME}.js`, glue);
  write(out, `${NAME}_bg.wasm`, wasm);

  // The two were renamed apart from each other, so see that they still fit.
  const { default: init, Agent } = await import("data:text/javascript," + encodeURIComponent(glue));
  await init({ module_or_path: await WebAssembly.compile(wasm) });
  if (typeof Agent !== "function") throw new Error("the glue exports no Agent");
}

/** Everything that could put a path of this machine into the bytes is given a name instead. */
function rustFlags() {
  const say = (...args) => execFileSync("rustc", args, { cwd: CRATE, encoding: "utf8" });
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  const registries = join(cargoHome, "registry/src");
  const [, commit] = /commit-hash: (\w+)/.exec(say("-vV"));
  const names = [
    [REPOSITORY, "/touchstone"],
    [cargoHome, "/cargo"],
    // The folder's name is a hash of the registry's address, which differs where a mirror is used. The last match wins.
    ...readdirSync(registries).map((name) => [join(registries, name), "/cargo/registry"]),
    [join(say("--print", "sysroot").trim(), "lib/rustlib/src/rust"), `/rustc/${commit}`],
  ];
  return [
    // The compact AES of crate `aes`: constant time and small; the agent seals a few kilobytes at a time.
    '--cfg=aes_backend="soft"',
    '--cfg=aes_backend_soft="compact"',
    // One block at a time rather than four: without this, the code for one and the code for four are both there.
    '--cfg=cpubits="16"',
    ...names.map(([from, to]) => `--remap-path-prefix=${from}=${to}`),
  ];
}

/** Drops the exports that nobody uses, with all that only they needed; shrinks the rest; shortens the names. */
function optimise(file, used) {
  const graph = join(scratch, "graph.json");
  const small = join(scratch, "small.wasm");
  const final = join(scratch, "final.wasm");
  const roots = Array.from(used, (name) => ({ name, export: name, root: true }));
  writeFileSync(graph, JSON.stringify(roots));
  binaryen("wasm-metadce", [file, "--graph-file", graph, ...WASM_FEATURES, "-o", small]);
  const map = binaryen("wasm-opt", [
    small,
    ...WASM_FEATURES,
    // Flattened and built up again before the shrinking passes: 3 % less after compression than -Oz alone. A second time, where a
    // trap may be moved (it ends the agent wherever it happens): 1 % less again.
    ...["-tnh", "--flatten", "--rereloop", "-Oz", "-Oz"],
    ...["-iit", "--flatten", "--rereloop", "-Oz", "-Oz", "--generate-global-effects", "-Oz", "-Os", "-Oz"],
    ...["--strip-debug", "--strip-producers", "--strip-target-features"],
    ...["--minify-imports-and-exports-and-modules", "-o", final],
  ]);
  return { names: JSON.parse(map), wasm: readFileSync(final) };
}

function binaryen(tool, args) {
  return execFileSync(process.execPath, [join(WEB, "node_modules/binaryen/bin", tool), ...args], { encoding: "utf8" });
}

async function buildModule() {
  await esbuild.build({
    ...FACE,
    entryPoints: [join(WEB, "src/index.ts")],
    outfile: join(OUT, "index.js"),
    format: "esm",
    target: "es2020",
    // Readable: whoever bundles it minifies it.
    external: [`./${NAME}.js`, ...LAZY.map(([name]) => `./${name}`)],
  });
  // The compiler writes the types of every file; those of the entry stand alone.
  const types = join(scratch, "types");
  const tsc = join(WEB, "node_modules/typescript/bin/tsc");
  execFileSync(
    process.execPath,
    [tsc, "-p", WEB, "--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--outDir", types],
    { stdio: "inherit" },
  );
  const text = readFileSync(join(types, "index.d.ts"), "utf8");
  if (/\b(import|from)\b.*["']/.test(text)) throw new Error("index.d.ts refers to files that pkg lacks");
  write(OUT, "index.d.ts", text);
}

async function buildScript() {
  const { outputFiles } = await esbuild.build({
    ...FACE,
    entryPoints: [join(WEB, "src/script.ts")],
    write: false,
    format: "iife",
    minifySyntax: true,
    // A browser too old for the agent must still parse the script, to send the plain report.
    target: "es2018",
    supported: { "dynamic-import": true },
    // The agent's glue is part of it: a request less, and a sixth of the glue's size.
    plugins: [{ name: "glue", setup: (build) => build.onResolve({ filter: GLUE }, () => ({ path: join(OUT, `${NAME}.js`) })) }],
  });
  const text = await minified(outputFiles[0].text, { ecma: 2018, toplevel: true });
  for (const name of ["AGENT_WASM", "POW_JS", "WIDGET_JS", "FACTOR_JS", "INSPECT_JS", "INSPECT_WASM"]) {
    if (text.split(`__TOUCHSTONE_${name}__`).length !== 2) throw new Error(`the verifier needs ${name} exactly once`);
  }
  write(OUT, "script.js", text);
}

async function buildEdgeLoader() {
  const { outputFiles } = await esbuild.build({
    ...FACE,
    entryPoints: [join(WEB, "src/edge/loader.ts")],
    write: false,
    format: "iife",
    target: "es2018",
    supported: { "dynamic-import": true },
  });
  // Not at the top level: its names would become the page's.
  write(OUT, "edge_loader.js", await minified(outputFiles[0].text, { ecma: 2018 }));
}

/** Not minified, and with its head, which documents it. */
async function buildShim() {
  const text = readFileSync(join(WEB, "src/shim.ts"), "utf8");
  const { code } = await esbuild.transform(text, { loader: "ts", target: "es2018", charset: "utf8", legalComments: "inline" });
  write(OUT, "shim.js", code);
}

/** The files that script and module load on demand: the same ones for both. */
async function buildLazy() {
  for (const [name, file] of LAZY) {
    const { outputFiles } = await esbuild.build({
      ...FACE,
      entryPoints: [join(WEB, "src", file)],
      write: false,
      format: "esm",
      minifySyntax: true,
      target: "es2020",
    });
    write(OUT, name, await minified(outputFiles[0].text, { ecma: 2020, module: true }));
  }
}

/** Smaller than what esbuild makes of it, by a twentieth after compression; its shorter syntax before saves another half percent. */
async function minified(text, options) {
  const compress = { passes: 3, unsafe_arrows: true, unsafe_methods: true, keep_fargs: false, pure_getters: true, hoist_funs: true };
  const { code } = await minify(text, { ...options, compress });
  return code;
}

/** Into the package, since npm looks for licences beside package.json alone. */
function copyLicences() {
  for (const name of ["LICENSE-MIT", "LICENSE-APACHE"]) copyFileSync(join(REPOSITORY, name), join(OUT, name));
}

function write(folder, name, content) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), content);
}
