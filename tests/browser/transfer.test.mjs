// What a page with a score key costs to load, and how long browsers may keep it.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { request } from "node:http";
import { after, before, describe, test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { launch, needsChromium, openPage } from "../harness/chromium.mjs";
import { formPage, scriptTag, startSite } from "../harness/site.mjs";
import { startVerifier } from "../harness/touchstone.mjs";
import { execute } from "../harness/visitor.mjs";

/** Bytes of the script (with the glue inside) and the agent together, as transferred. */
const LIMIT = 25_000;

describe("transfer", needsChromium, () => {
  let verifier, site, browser;

  before(async () => {
    verifier = await startVerifier();
    site = await startSite({ "/": () => ({ body: formPage(scriptTag(verifier)) }) });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await verifier?.stop();
  });

  /** The files that a page loads until its first token, as `{path, bytes}`. */
  async function load() {
    const { page, context } = await openPage(browser);
    const finished = [];
    page.on("requestfinished", (done) => done.url().startsWith(verifier.origin) && finished.push(done));
    await page.goto(site.origin);
    await execute(page, verifier.siteKey);
    const files = [];
    for (const done of finished) {
      const { pathname } = new URL(done.url());
      files.push({ path: pathname, method: done.method(), bytes: (await done.sizes()).responseBodySize });
    }
    await context.close();
    return files;
  }

  /** A GET without any cleverness of a client: status, headers and the body as it came. */
  function get(path, headers = {}, method = "GET") {
    return new Promise((resolve, reject) => {
      const asked = request(verifier.origin + path, { method, headers }, (answer) => {
        const chunks = [];
        answer.on("data", (chunk) => chunks.push(chunk));
        answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }));
      });
      asked.on("error", reject).end();
    });
  }

  test(`loader, glue and agent are at most ${LIMIT} bytes on the wire`, async (t) => {
    const files = await load();
    const loaded = files.filter(({ method }) => method === "GET");
    for (const { method, path, bytes } of files) t.diagnostic(`${String(bytes).padStart(6)} bytes  ${method} ${path}`);
    const total = loaded.reduce((sum, { bytes }) => sum + bytes, 0);
    t.diagnostic(`${total} of ${LIMIT} bytes`);
    assert.equal(loaded.length, 2);
    assert.ok(total > 10_000 && total <= LIMIT, `${total} bytes`);
    assert.deepEqual(files.filter(({ method }) => method === "POST").map(({ path }) => path), ["/recaptcha/agent/session", "/recaptcha/agent/token"]);
  });

  test("files with their hash in the name are kept for ever, in all three forms", async () => {
    const { body: script } = await get("/touchstone.js");
    const names = new Set(script.toString().match(/recaptcha\/agent\/\w+\.(js|wasm)/g));
    assert.equal(names.size, 6, [...names].join());
    for (const name of names) {
      const type = name.endsWith(".wasm") ? "application/wasm" : "text/javascript; charset=utf-8";
      const plain = await get(`/${name}`);
      const hash = createHash("sha256").update(plain.body).digest("hex");
      assert.ok(hash.startsWith(/(\w+)\.\w+$/.exec(name)[1]), `${name} is named after ${hash}`);
      for (const [coding, unpack] of [["", (bytes) => bytes], ["gzip", gunzipSync], ["br", brotliDecompressSync]]) {
        const { status, headers, body } = await get(`/${name}`, { "accept-encoding": coding });
        assert.equal(status, 200);
        assert.equal(headers["content-encoding"] ?? "", coding);
        assert.equal(headers["content-type"], type);
        assert.match(headers["cache-control"], /immutable/);
        assert.match(headers["cache-control"], /max-age=31536000/);
        assert.equal(headers.vary, "accept-encoding");
        assert.equal(headers["access-control-allow-origin"], "*");
        assert.equal(headers["x-content-type-options"], "nosniff");
        assert.equal(Number(headers["content-length"]), body.length);
        assert.ok(unpack(body).equals(plain.body), `${name} ${coding}`);
      }
    }
  });

  test("the script is asked for again, and answered 304 while it is the same", async () => {
    for (const path of ["/recaptcha/enterprise.js?render=x", "/recaptcha/api.js", "/touchstone.js"]) {
      const { headers } = await get(path, { "accept-encoding": "br" });
      assert.equal(headers["cache-control"], "public, no-cache");
      const again = await get(path, { "if-none-match": headers.etag, "accept-encoding": "br" });
      assert.deepEqual([again.status, again.body.length], [304, 0]);
      assert.equal(again.headers.etag, headers.etag);
      assert.equal((await get(path, { "if-none-match": '"other"' })).status, 200);
      const { status, body } = await get(path, {}, "HEAD");
      assert.deepEqual([status, body.length], [200, 0]);
    }
  });

  test("a second page of the same visitor asks whether the script is the same, and loads nothing anew", async () => {
    const { page, context } = await openPage(browser);
    await page.goto(site.origin);
    await execute(page, verifier.siteKey);
    const network = await context.newCDPSession(page);
    await network.send("Network.enable");
    const asked = new Map();
    const cached = new Set();
    let bytes = 0;
    network.on("Network.requestWillBeSent", ({ requestId, request: { url, method } }) => asked.set(requestId, `${method} ${new URL(url).pathname}`));
    network.on("Network.requestServedFromCache", ({ requestId }) => cached.add(requestId));
    network.on("Network.responseReceived", ({ requestId, response }) => response.fromDiskCache && cached.add(requestId));
    network.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      if (asked.get(requestId)?.endsWith("/enterprise.js")) bytes += encodedDataLength;
    });
    await page.goto(`${site.origin}/?again`);
    await execute(page, verifier.siteKey);
    const lines = [...asked].filter(([id, line]) => !cached.has(id) && line.includes("/recaptcha/")).map(([, line]) => line);
    assert.deepEqual(lines, ["GET /recaptcha/enterprise.js", "POST /recaptcha/agent/session", "POST /recaptcha/agent/token"]);
    assert.ok(bytes > 0 && bytes < 700, `${bytes} bytes for an answer without a body`);
    await context.close();
  });
});
