// The shim: libraries that hard-code the incumbent's host load the script from the verifier instead.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assess } from "../harness/api.mjs";
import { launch, needsChromium, openPage } from "../harness/chromium.mjs";
import { startSite } from "../harness/site.mjs";
import { startVerifier } from "../harness/touchstone.mjs";
import { execute } from "../harness/visitor.mjs";

describe("shim", needsChromium, () => {
  let verifier, site, browser;
  const routes = {};

  before(async () => {
    verifier = await startVerifier();
    site = await startSite(routes);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await verifier?.stop();
  });

  async function withPage(use, { headers = {} } = {}) {
    routes["/page"] = {
      body: `<!doctype html><html lang="en"><title>Shop</title><script src="${verifier.origin}/recaptcha/shim.js"></script><body></body></html>`,
      headers,
    };
    const { page, context, heard } = await openPage(browser);
    const loaded = [];
    page.on("request", (request) => request.resourceType() === "script" && loaded.push(request.url()));
    try {
      await page.goto(`${site.origin}/page`);
      await use(page, loaded);
      assert.deepEqual(await heard(), []);
    } finally {
      await context.close();
    }
  }

  /** Adds a script as a library does, and waits for it. */
  const add = (page, address, way = "property") =>
    page.evaluate(
      ([address, way]) =>
        new Promise((resolve, reject) => {
          const script = document.createElement("script");
          if (way === "property") script.src = address;
          else script.setAttribute("SRC", address);
          script.id = "google-recaptcha-v3";
          script.onload = () => resolve(script.src);
          script.onerror = () => reject(new Error(`${address} does not load`));
          document.head.appendChild(script);
        }),
      [address, way],
    );

  test("every address of the incumbent's scripts leads to the verifier, its query untouched", async () => {
    await withPage(async (page) => {
      const query = `?render=${verifier.siteKey}&hl=pt-BR&onload=a%20b&_=1`;
      for (const [host, way] of [
        ["https://www.google.com", "property"],
        ["https://google.com", "attribute"],
        ["http://www.recaptcha.net", "property"],
        ["//recaptcha.net", "attribute"],
      ]) {
        for (const name of ["api", "enterprise"]) {
          const src = await add(page, `${host}/recaptcha/${name}.js${query}`, way);
          assert.equal(src, `${verifier.origin}/recaptcha/${name}.js${query}`);
        }
      }
      assert.equal((await assess(verifier, await execute(page, verifier.siteKey))).tokenProperties.valid, true);
    });
  });

  test("no other address is touched, nor any other attribute", async () => {
    await withPage(async (page) => {
      const kept = await page.evaluate((own) => {
        const script = document.createElement("script");
        return [
          "https://www.google.com/recaptcha/api2/anchor.js",
          "https://www.google.com.example/recaptcha/api.js",
          "https://example.com/?https://www.google.com/recaptcha/api.js",
          "https://www.google.com/recaptcha/api.json",
          `${own}/recaptcha/api.js?render=explicit`,
        ].map((address) => {
          script.src = address;
          script.setAttribute("data-src", "https://www.google.com/recaptcha/api.js");
          return [script.src === address, script.dataset.src];
        });
      }, verifier.origin);
      for (const row of kept) assert.deepEqual(row, [true, "https://www.google.com/recaptcha/api.js"]);
    });
  });

  test("a component that is mounted twice deletes the script and adds it again", async () => {
    await withPage(async (page, loaded) => {
      const address = `https://www.google.com/recaptcha/enterprise.js?render=${verifier.siteKey}`;
      for (let mount = 0; mount < 2; mount++) {
        await add(page, address);
        await page.waitForSelector("body > div > .grecaptcha-badge");
        assert.equal((await assess(verifier, await execute(page, verifier.siteKey))).tokenProperties.valid, true);
        await page.evaluate(() => {
          document.body.removeChild(document.querySelector(".grecaptcha-badge").parentNode);
          document.getElementById("google-recaptcha-v3").remove();
          window.___grecaptcha_cfg = undefined;
        });
      }
      const foreign = loaded.filter((url) => !url.startsWith(verifier.origin) && !url.startsWith("blob:"));
      assert.deepEqual(foreign, []);
    });
  });

  test("trusted types are kept", async () => {
    const { origin } = verifier;
    const headers = {
      "content-security-policy":
        `default-src 'none'; script-src ${origin} 'wasm-unsafe-eval'; connect-src ${origin}; worker-src blob:; ` +
        "require-trusted-types-for 'script'; trusted-types touchstone touchstone-shim",
    };
    await withPage(async (page) => {
      await add(page, `https://www.google.com/recaptcha/api.js?render=${verifier.siteKey}`);
      assert.equal((await assess(verifier, await execute(page, verifier.siteKey))).tokenProperties.valid, true);
    }, { headers });
  });
});
