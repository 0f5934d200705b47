// Pages that carry a wrapper of reCAPTCHA, bundled as its users bundle it.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { assess } from "../../harness/api.mjs";
import { needsChromium } from "../../harness/chromium.mjs";
import { scriptTag } from "../../harness/site.mjs";

/** For `describe`: says why the tests inside are skipped, where there is no browser, or nothing to bundle. */
export const needsWrappers = existsSync(new URL("../node_modules/.installed", import.meta.url))
  ? needsChromium
  : { skip: "the clients of npm are not installed; run tests/clients/install.sh" };

/**
 * Bundles a page's script, puts it on the stage's site and opens it.
 *
 * In the script, SITE_KEY and ORIGIN stand for the key and the verifier; what it wants to tell, it puts into `said`.
 *
 * @param script source in JSX
 * @param head markup before the script
 * @param body markup beside the script
 * @param siteKey another key than that of the stage
 * @param prepare called with the page before it goes anywhere
 */
export async function openScript(stage, script, { head = "", body = "", siteKey = stage.verifier.siteKey, prepare } = {}) {
  const path = `/page-${++count}`;
  const { outputFiles } = await build({
    stdin: { contents: `const said = (window.said = {});\n${script}`, resolveDir: CLIENTS, loader: "jsx" },
    bundle: true,
    write: false,
    format: "iife",
    jsx: "automatic",
    logLevel: "silent",
    define: {
      SITE_KEY: JSON.stringify(siteKey),
      ORIGIN: JSON.stringify(stage.verifier.origin),
      "process.env.NODE_ENV": '"development"',
      __VUE_OPTIONS_API__: "true",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
    },
  });
  stage.pages[`${path}.js`] = { body: outputFiles[0].text, type: "text/javascript" };
  stage.pages[path] = {
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>${head}</head>
<body><div id="root"></div>${body}<script src="${path}.js"></script></body></html>`,
  };
  const opened = await stage.open(path, prepare);
  return {
    ...opened,
    /** Waits until the script has said something of that name, and returns it. */
    async said(name) {
      try {
        return await (await opened.page.waitForFunction((name) => window.said[name], name)).jsonValue();
      } catch (error) {
        const instead = { said: await opened.page.evaluate("said"), complaints: await opened.heard(), asked: opened.asked };
        throw new Error(`${error.message}\n${JSON.stringify(instead, undefined, 1)}`);
      }
    },
    /** Nothing complained, and nobody but the site and the verifier was asked. */
    async assertClean() {
      assert.deepEqual(await opened.heard(), []);
      const own = [stage.site.origin, stage.verifier.origin, "data:", "blob:"];
      assert.deepEqual(opened.asked.filter((url) => !own.some((start) => url.startsWith(start))), []);
    },
  };
}

/** The verifier says that a token is valid, of a page on localhost, and for the action. */
export async function assertValid(stage, token, action, event = {}) {
  const { tokenProperties } = await assess(stage.verifier, token, { event });
  const { valid, invalidReason, hostname } = tokenProperties;
  assert.deepEqual({ valid, invalidReason, hostname }, { valid: true, invalidReason: "INVALID_REASON_UNSPECIFIED", hostname: "localhost" });
  if (action !== undefined) assert.equal(tokenProperties.action, action);
}

/** Ticks the checkbox of a page as its visitor does, and waits until the form has a token. */
export async function tick(page) {
  await page.getByRole("checkbox").click();
  await page.waitForFunction(() => [...document.querySelectorAll('[name="g-recaptcha-response"]')].some(({ value }) => value));
}

/** A real token of any key: by `execute` with an action, else by ticking the checkbox of a page with one. */
export async function tokenOf(stage, siteKey, action) {
  const path = `/page-${++count}`;
  const script = scriptTag(stage.verifier, { name: "recaptcha/api.js", query: action ? `render=${siteKey}` : "" });
  const box = action ? "" : `<div class="g-recaptcha" data-sitekey="${siteKey}"></div>`;
  stage.pages[path] = { body: `<!doctype html><html lang="en"><title>Shop</title><form>${box}</form>${script}</html>` };
  const { page, context } = await stage.open(path);
  try {
    if (!action) {
      await tick(page);
      return await page.locator('[name="g-recaptcha-response"]').inputValue();
    }
    return await page.evaluate(
      async ([siteKey, action]) => {
        await new Promise((resolve) => grecaptcha.ready(resolve));
        return grecaptcha.execute(siteKey, { action });
      },
      [siteKey, action],
    );
  } finally {
    await context.close();
  }
}

let count = 0;
const CLIENTS = fileURLToPath(new URL("..", import.meta.url));
