// The npm package as a stranger gets it: packed, installed, bundled, served.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join, relative } from "node:path";
import { after, before, describe, test } from "node:test";
import { assess } from "../harness/api.mjs";
import { CHROMIUM, launch, openPage } from "../harness/chromium.mjs";
import { startSite } from "../harness/site.mjs";
import { ROOT, startVerifier } from "../harness/touchstone.mjs";

describe("bundle", () => {
  let project, verifier, files;

  before(async () => {
    project = mkdtempSync(join(tmpdir(), "touchstone-bundle-"));
    const npm = (...args) => execFileSync("npm", args, { cwd: project, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const [packed] = JSON.parse(npm("pack", join(ROOT, "pkg"), "--json"));
    files = packed.files.map(({ path }) => path).sort();
    writeFileSync(join(project, "package.json"), JSON.stringify({ name: "shop", private: true, type: "module" }));
    npm("install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", join(project, packed.filename));
    verifier = await startVerifier();
    mkdirSync(join(project, "src"));
    writeFileSync(
      join(project, "src/main.js"),
      `import { load } from "touchstone-agent";
       const agent = await load(${JSON.stringify(verifier.siteKey)}, { origin: ${JSON.stringify(verifier.origin)} });
       window.token = await agent.execute("login");`,
    );
    writeFileSync(join(project, "index.html"), '<!doctype html><title>Shop</title><script type="module" src="/src/main.js"></script>');
  });
  after(async () => {
    await verifier?.stop();
    rmSync(project, { recursive: true, force: true });
  });

  /** Serves a folder, opens its index, and returns the token that the page got. */
  async function tokenFrom(folder) {
    const types = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
    const routes = {};
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath ?? entry.path, entry.name);
      routes[`/${relative(folder, file)}`] = { body: readFileSync(file), type: types[extname(file)] };
    }
    routes["/"] = routes["/index.html"];
    const site = await startSite(routes);
    const browser = await launch();
    try {
      const { page, heard } = await openPage(browser);
      await page.goto(site.origin);
      await page.waitForFunction("window.token");
      assert.deepEqual(await heard(), []);
      return await page.evaluate("window.token");
    } finally {
      await browser.close();
      await site.stop();
    }
  }

  async function assertValid(token) {
    const { valid, clientSignalsFailed, action } = (await assess(verifier, token)).tokenProperties;
    assert.deepEqual({ valid, clientSignalsFailed, action }, { valid: true, clientSignalsFailed: false, action: "login" });
  }

  const browserTest = { skip: CHROMIUM ? false : "there is no Chromium" };

  test("the tarball holds what package.json lists, and nothing else", () => {
    const { files: listed } = JSON.parse(readFileSync(join(ROOT, "pkg/package.json"), "utf8"));
    assert.deepEqual(files, [...listed, "README.md", "package.json"].sort());
  });

  test("importing it in Node does nothing, and load says what it needs", () => {
    const script = 'const { load } = await import("touchstone-agent"); await load("k").then(() => process.exit(1), (e) => console.log(e.message))';
    const said = execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd: project, encoding: "utf8" });
    assert.match(said, /needs a browser page/);
  });

  test("bundled by Vite it gives a token that counts", browserTest, async () => {
    const { build } = await import("vite");
    await build({ root: project, logLevel: "warn", configFile: false, build: { outDir: "vite", target: "es2022" } });
    await assertValid(await tokenFrom(join(project, "vite")));
  });

  test("bundled by esbuild, with the agent copied beside the output, it gives a token that counts", browserTest, async () => {
    const { build } = await import("esbuild");
    const out = join(project, "esbuild");
    await build({
      entryPoints: [join(project, "src/main.js")],
      outdir: join(out, "src"),
      bundle: true,
      format: "esm",
      target: "es2022",
      logLevel: "error",
    });
    const wasm = "touchstone_agent_bg.wasm";
    copyFileSync(join(project, "node_modules/touchstone-agent", wasm), join(out, "src", wasm));
    copyFileSync(join(project, "index.html"), join(out, "index.html"));
    await assertValid(await tokenFrom(out));
  });
});
