// Content security policies: the documented one is enough, and a stricter one costs evidence, never the page.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assess } from "../harness/api.mjs";
import { launch, needsChromium, openPage } from "../harness/chromium.mjs";
import { formPage, startSite } from "../harness/site.mjs";
import { startVerifier } from "../harness/touchstone.mjs";
import { agentStarts, execute } from "../harness/visitor.mjs";

const NONCE = "dGVzdHRlc3R0ZXN0dGVzdA==";

describe("content security policy", needsChromium, () => {
  let verifier, site, browser;
  const policies = {};

  before(async () => {
    verifier = await startVerifier();
    const { origin } = verifier;
    const script = `<script nonce="${NONCE}" src="${origin}/recaptcha/enterprise.js?render=${verifier.siteKey}" async defer></script>`;
    Object.assign(policies, {
      "/documented":
        `default-src 'none'; script-src 'nonce-${NONCE}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; ` +
        `img-src 'self' data:; connect-src 'self' ${origin}; worker-src blob:; form-action 'self'; base-uri 'none'; ` +
        "frame-ancestors 'none'",
      "/hosts": `default-src 'none'; script-src ${origin} 'wasm-unsafe-eval'; connect-src ${origin}; worker-src blob:`,
      "/no-worker": `default-src 'none'; script-src ${origin} 'wasm-unsafe-eval'; connect-src ${origin}`,
      "/no-wasm": `default-src 'none'; script-src ${origin}; connect-src ${origin}; worker-src blob:`,
      "/trusted-types":
        `default-src 'none'; script-src ${origin} 'wasm-unsafe-eval'; connect-src ${origin}; worker-src blob:; ` +
        "require-trusted-types-for 'script'",
      "/sandbox": `sandbox allow-scripts; script-src ${origin} 'wasm-unsafe-eval'; connect-src ${origin}; worker-src blob:`,
      "/no-connect": `default-src 'none'; script-src ${origin} 'wasm-unsafe-eval'; worker-src blob:`,
      "/self": "default-src 'self'",
    });
    policies["/worker-off"] = policies["/no-worker"];
    const plain = formPage(script).replace(/ (style|onsubmit)="[^"]*"/g, "");
    const page = (path) => ({
      body: path === "/worker-off" ? plain.replace("async defer", 'async defer data-worker="off"') : plain,
      headers: { "content-security-policy": policies[path] },
    });
    site = await startSite(Object.fromEntries(Object.keys(policies).map((path) => [path, page(path)])));
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await verifier?.stop();
  });

  /** Opens a page and asks it for a token. */
  async function visit(path) {
    const { page, context, heard } = await openPage(browser);
    const started = agentStarts(page).catch(() => {});
    await page.goto(site.origin + path);
    await started;
    const text = await execute(page, verifier.siteKey);
    const complaints = await heard();
    await context.close();
    return { text, complaints, errors: complaints.filter((line) => /^(uncaught|error|rejection):/.test(line)) };
  }

  for (const path of ["/documented", "/hosts", "/worker-off"]) {
    test(`${path.slice(1)}: all works and nothing complains`, async () => {
      const { text, complaints } = await visit(path);
      assert.deepEqual(complaints, []);
      const { valid, clientSignalsFailed } = (await assess(verifier, text)).tokenProperties;
      assert.deepEqual({ valid, clientSignalsFailed }, { valid: true, clientSignalsFailed: false });
    });
  }

  test("no worker allowed: the agent reports all the same", async () => {
    const { text, complaints } = await visit("/no-worker");
    assert.ok(complaints.every((line) => /worker/i.test(line)), complaints.join("\n"));
    const { valid, clientSignalsFailed } = (await assess(verifier, text)).tokenProperties;
    assert.deepEqual({ valid, clientSignalsFailed }, { valid: true, clientSignalsFailed: false });
  });

  test("no WebAssembly allowed: a valid token of the lowest confidence, and a hint in the console", async () => {
    const { text, complaints } = await visit("/no-wasm");
    assert.ok(complaints.some((line) => line.includes("'wasm-unsafe-eval'")), complaints.join("\n"));
    assert.ok(!complaints.some((line) => /^(uncaught|error|rejection):/.test(line)), complaints.join("\n"));
    const { tokenProperties, riskAnalysis } = await assess(verifier, text);
    assert.equal(tokenProperties.valid, true);
    assert.equal(tokenProperties.clientSignalsFailed, true);
    assert.equal(riskAnalysis.score, 0.1);
    assert.deepEqual(riskAnalysis.reasons, ["LOW_CONFIDENCE_SCORE"]);
  });

  test("trusted types are required: the agent reports or says why not, and throws nothing", async () => {
    const { text, errors } = await visit("/trusted-types");
    assert.deepEqual(errors, []);
    assert.equal((await assess(verifier, text)).tokenProperties.valid, true);
  });

  test("a sandboxed page has no origin: a domain mismatch, and nothing thrown", async () => {
    const { text, errors } = await visit("/sandbox");
    assert.deepEqual(errors, []);
    assert.equal((await assess(verifier, text)).tokenProperties.invalidReason, "DOMAIN_MISMATCH");
  });

  test("no connection allowed: the token says that the browser failed", async () => {
    const { text, errors } = await visit("/no-connect");
    assert.deepEqual(errors, []);
    const { tokenProperties, riskAnalysis } = await assess(verifier, text);
    assert.equal(tokenProperties.valid, false);
    assert.equal(tokenProperties.invalidReason, "BROWSER_ERROR");
    assert.equal(riskAnalysis.score, 0);
  });

  test("a page that allows only itself never runs the script, and goes on working", async () => {
    const { page, context, heard } = await openPage(browser);
    await page.goto(`${site.origin}/self`);
    await page.locator("#name").fill("someone");
    assert.equal(await page.evaluate(() => typeof window.grecaptcha), "undefined");
    const thrown = (await heard()).filter((line) => /^(uncaught|error|rejection):/.test(line));
    assert.deepEqual(thrown, []);
    await context.close();
  });
});
