// What a visitor does with a page, through the browser's own input pipeline.

/** Moves the mouse to the middle of an element in a bent, uneven line, as a hand does. */
export async function moveTo(page, selector, { steps = 25 } = {}) {
  await page.locator(selector).scrollIntoViewIfNeeded();
  const box = await page.locator(selector).boundingBox();
  const to = { x: box.x + box.width * 0.45, y: box.y + box.height * 0.55 };
  const from = page.__pointer ?? { x: 400, y: 300 };
  for (let step = 1; step <= steps; step++) {
    const share = (1 - Math.cos((Math.PI * step) / steps)) / 2;
    const bend = Math.sin(Math.PI * share) * 18;
    await page.mouse.move(Math.round(from.x + (to.x - from.x) * share + bend), Math.round(from.y + (to.y - from.y) * share - bend / 2));
    await pause(6 + ((step * 7) % 11));
  }
  page.__pointer = to;
  await page.mouse.move(Math.round(to.x), Math.round(to.y));
}

/** Moves to an element, presses, and lets go after a while. */
export async function press(page, selector) {
  await moveTo(page, selector);
  await page.mouse.down();
  await pause(85);
  await page.mouse.up();
}

/** Types key by key, each held for a while. */
export async function type(page, text) {
  let count = 0;
  for (const letter of text) {
    await page.keyboard.press(letter, { delay: 60 + ((count * 13) % 40) });
    await pause(50 + ((count++ * 29) % 90));
  }
}

/** Asks the page for a token, when the agent is ready. */
export function execute(page, key, action = "login") {
  return page.evaluate(
    async ([key, action]) => {
      await new Promise((resolve) => grecaptcha.enterprise.ready(resolve));
      return grecaptcha.enterprise.execute(key, { action });
    },
    [key, action],
  );
}

/** Waits until the agent records: its first session has been answered. Call it before the page is opened. */
export function agentStarts(page) {
  return page.waitForResponse((response) => response.url().includes("/recaptcha/agent/session"), { timeout: 15_000 });
}

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
