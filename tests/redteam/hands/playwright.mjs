// An arm out of anything with Playwright's interface.

import { join } from "node:path";
import { CHROMIUM, environment, switchesOf } from "./chromium.mjs";
import { fill } from "./fill.mjs";
import { COMMON, parseVariant } from "./variant.mjs";

/**
 * @param load resolves to a browser type of Playwright's
 * @param options further options of `launchPersistentContext`, as a function of the parsed variant
 * @param act fills in the form where the tool has a way of its own
 */
export function playwrightArm({ name, tier, needs, variants = COMMON, quick, load, options = () => ({}), act }) {
  return {
    name,
    tier,
    needs: ["chromium", ...needs],
    variants,
    quick,
    async run({ variant, site, seed, outDir, display }) {
      const parsed = parseVariant(variant);
      const chromium = await load();
      const context = await chromium.launchPersistentContext(join(outDir, "profile"), {
        executablePath: CHROMIUM,
        headless: !parsed.headful,
        args: switchesOf(parsed),
        env: environment(display),
        viewport: parsed.headful ? null : { width: 1280, height: 720 },
        ...(parsed.flags ? { ignoreDefaultArgs: ["--enable-automation"] } : {}),
        ...options(parsed),
      });
      try {
        const page = context.pages()[0] ?? (await context.newPage());
        await page.goto(site.url);
        const acted = await (act ? act(page, site) : fill(handsOf(page), site, { motion: parsed.motion, seed }));
        await Promise.race([site.submitted, new Promise((resolve) => setTimeout(resolve, 8_000))]);
        return acted;
      } finally {
        await context.close().catch(() => {});
      }
    },
  };
}

/** The hands of a page with Playwright's interface. */
export function handsOf(page) {
  return {
    click: (selector) => page.click(selector),
    type: (selector, text) => page.type(selector, text),
    script: (text) => page.evaluate(text),
    box: (selector) => page.locator(selector).boundingBox(),
    move: (x, y) => page.mouse.move(x, y),
    down: () => page.mouse.down(),
    up: () => page.mouse.up(),
    keyDown: (char) => page.keyboard.down(char),
    keyUp: (char) => page.keyboard.up(char),
    shift: (way) => page.keyboard[way]("Shift"),
  };
}
