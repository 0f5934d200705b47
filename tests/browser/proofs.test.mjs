// What the agent proves: that the page has a layout, and, where the verifier asks for it, work.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assess } from "../harness/api.mjs";
import { launch, needsChromium, openPage } from "../harness/chromium.mjs";
import { formPage, scriptTag, startSite } from "../harness/site.mjs";
import { startVerifier } from "../harness/touchstone.mjs";
import { agentStarts, execute, pause } from "../harness/visitor.mjs";

const INSPECT = { attributes: "async defer" };

describe("layout", needsChromium, () => {
  let verifier, site, browser;

  before(async () => {
    verifier = await startVerifier();
    const tag = scriptTag(verifier, { ...INSPECT, query: `render=${verifier.siteKey}&inspect=1` });
    const { origin } = verifier;
    const strict =
      `default-src 'none'; style-src 'none'; script-src ${origin} 'wasm-unsafe-eval'; connect-src ${origin}; ` +
      "worker-src blob:; require-trusted-types-for 'script'";
    const hostile =
      "<style>* { display: inline !important; width: 3px !important; padding: 7px !important; transition: all 1s !important; " +
      "zoom: 1.7; writing-mode: vertical-rl !important } html > div { display: none !important; position: static !important }</style>";
    site = await startSite({
      "/": { body: formPage(tag) },
      "/strict": { body: formPage(tag).replace(/ (style|onsubmit)="[^"]*"/g, ""), headers: { "content-security-policy": strict } },
      "/hostile": { body: formPage(tag + hostile).replace("<html", '<html dir="rtl"') },
      "/frame": { body: '<!doctype html><iframe src="/" style="display: none"></iframe>' },
    });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await verifier?.stop();
  });

  async function open(path, options) {
    const visit = await openPage(browser, options);
    const started = agentStarts(visit.page);
    await visit.page.goto(site.origin + path);
    await started;
    return visit;
  }

  /** The finding of the detector `layout`, if it has one. */
  async function finding(token) {
    const { touchstone } = await assess(verifier, token, { explain: true });
    return touchstone.evidence.find(({ name }) => name === "layout")?.detail;
  }

  for (const path of ["/", "/strict", "/hostile"]) {
    for (const deviceScaleFactor of path === "/" ? [0.67, 1, 1.25] : [1]) {
      test(`the sizes of ${path} at ${deviceScaleFactor} are those the verifier expects`, async () => {
        const { page, context, heard } = await open(path, { deviceScaleFactor });
        await pause(500);
        const token = await execute(page, verifier.siteKey);
        const { environment } = await page.evaluate(() => window.touchstone.inspect());
        assert.equal(environment["layout-missing"], "no");
        for (const box of ["box-0", "box-1", "box-2", "box-3"]) assert.ok(environment[box] > 65_536, box);
        assert.equal(await finding(token), undefined);
        assert.deepEqual((await heard()).filter((line) => !/violat|policy|style/i.test(line) || path !== "/strict"), []);
        await context.close();
      });
    }
  }

  test("the page looks, scrolls and is walked through as before, and nothing stays behind", async () => {
    const { page, context } = await openPage(browser);
    await page.addInitScript(() => {
      window.__shifts = 0;
      new PerformanceObserver((list) => (window.__shifts += list.getEntries().length)).observe({ type: "layout-shift", buffered: true });
    });
    const started = agentStarts(page);
    await page.goto(site.origin);
    const looks = () => page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.scrollHeight, document.querySelectorAll("*").length]);
    const former = await looks();
    await started;
    await pause(500);
    // The script loads its glue with an element that it leaves in the head of the page.
    assert.deepEqual(await looks(), former);
    assert.equal(await page.evaluate(() => window.__shifts), 0);
    await context.close();
  });

  test("a frame that is not displayed says nothing, and that is no finding", async () => {
    const { page, context } = await open("/frame");
    await pause(500);
    const token = await execute(page.frames()[1], verifier.siteKey);
    assert.equal(await finding(token), undefined);
    await context.close();
  });

  test("a page whose boxes have no size is found out", async () => {
    const { page, context } = await openPage(browser);
    await page.addInitScript(() => {
      window.ResizeObserver = class {
        observe() {}
        disconnect() {}
      };
    });
    await page.goto(site.origin);
    await pause(4_500);
    const token = await execute(page, verifier.siteKey);
    assert.match(await finding(token), /no layout engine/);
    await context.close();
  });
});

describe("proof of work", needsChromium, () => {
  let verifier, site, browser;

  before(async () => {
    verifier = await startVerifier({ args: ["--pow", "always"] });
    const { origin } = verifier;
    const tag = scriptTag(verifier);
    const noWorker = `default-src 'none'; style-src 'unsafe-inline'; script-src ${origin} 'wasm-unsafe-eval'; connect-src ${origin}`;
    site = await startSite({
      "/": { body: formPage(tag) },
      "/no-worker": {
        body: formPage(tag.replace("<script", '<script data-worker="off"')).replace(/ onsubmit="[^"]*"/, ""),
        headers: { "content-security-policy": noWorker },
      },
    });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await verifier?.stop();
  });

  for (const path of ["/", "/no-worker"]) {
    test(`a token is paid for, on ${path}, and no task is long`, async () => {
      const { page, context, heard } = await openPage(browser);
      const asked = [];
      page.on("request", (request) => request.url().includes("/agent/token") && asked.push(request));
      const started = agentStarts(page);
      await page.goto(site.origin + path);
      await started;
      await pause(500);
      await page.evaluate(() => {
        window.__long = [];
        new PerformanceObserver((list) => window.__long.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: "longtask" });
      });
      const token = await execute(page, verifier.siteKey);
      // Where other work takes the processor away, the proof may need a second try.
      assert.ok(asked.length <= 2, `${asked.length} reports`);
      assert.equal(asked[0].postDataBuffer()[0], 255);
      assert.deepEqual(await page.evaluate(() => window.__long), []);
      const { touchstone } = await assess(verifier, token, { explain: true });
      assert.equal(touchstone.evidence.find(({ name }) => name === "unpaid"), undefined);
      assert.deepEqual(await heard(), []);
      await context.close();
    });
  }

  test("a page that cannot load the solver is asked once more, and gets its token", async () => {
    const { page, context } = await openPage(browser);
    const solver = await page.request.get(`${verifier.origin}/recaptcha/enterprise.js`).then((script) => script.text());
    const files = [...solver.matchAll(/recaptcha\/agent\/[0-9a-f]+\.js/g)].map(([name]) => name);
    const started = agentStarts(page);
    for (const file of files) {
      const text = await page.request.get(`${verifier.origin}/${file}`).then((response) => response.text());
      if (!text.includes("Agent")) await page.route(`${verifier.origin}/${file}`, (route) => route.abort());
    }
    const asked = [];
    page.on("request", (request) => request.url().includes("/agent/token") && asked.push(request));
    await page.goto(site.origin);
    await started;
    const token = await execute(page, verifier.siteKey);
    assert.equal(asked.length, 2);
    const { tokenProperties, riskAnalysis, touchstone } = await assess(verifier, token, { explain: true });
    assert.equal(tokenProperties.valid, true);
    assert.ok(touchstone.evidence.some(({ name }) => name === "unpaid"));
    assert.ok(riskAnalysis.score <= 0.5);
    await context.close();
  });
});
