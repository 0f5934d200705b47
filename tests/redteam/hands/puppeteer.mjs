// An arm out of anything with Puppeteer's interface.

import { join } from "node:path";
import { CHROMIUM, environment, switchesOf } from "./chromium.mjs";
import { fill } from "./fill.mjs";
import { COMMON, parseVariant } from "./variant.mjs";

/**
 * @param load resolves to an object with Puppeteer's `launch`
 * @param options further options of `launch`, as a function of the parsed variant
 * @param act fills in the form where the tool has a way of its own
 */
export function puppeteerArm({ name, tier, needs, variants = COMMON, quick, load, options = () => ({}), act }) {
  return {
    name,
    tier,
    needs: ["chromium", ...needs],
    variants,
    quick,
    async run({ variant, site, seed, outDir, display }) {
      const parsed = parseVariant(variant);
      const puppeteer = await load();
      const browser = await puppeteer.launch({
        executablePath: CHROMIUM,
        headless: !parsed.headful,
        userDataDir: join(outDir, "profile"),
        args: switchesOf(parsed),
        env: environment(display),
        defaultViewport: parsed.headful ? null : { width: 1280, height: 720 },
        ...(parsed.flags ? { ignoreDefaultArgs: ["--enable-automation"] } : {}),
        ...options(parsed),
      });
      try {
        const page = (await browser.pages())[0] ?? (await browser.newPage());
        await page.goto(site.url);
        const acted = await (act ? act(page, site) : fill(handsOf(page), site, { motion: parsed.motion, seed }));
        await Promise.race([site.submitted, new Promise((resolve) => setTimeout(resolve, 8_000))]);
        return acted;
      } finally {
        await browser.close().catch(() => {});
      }
    },
  };
}

/** The hands of a page with Puppeteer's interface. */
export function handsOf(page) {
  return {
    click: (selector) => page.click(selector),
    type: (selector, text) => page.type(selector, text),
    script: (text) => page.evaluate(text),
    box: (selector) =>
      page.$eval(selector, (element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return { x, y, width, height };
      }),
    move: (x, y) => page.mouse.move(x, y),
    down: () => page.mouse.down(),
    up: () => page.mouse.up(),
    keyDown: (char) => page.keyboard.down(char),
    keyUp: (char) => page.keyboard.up(char),
    shift: (way) => page.keyboard[way]("Shift"),
  };
}
