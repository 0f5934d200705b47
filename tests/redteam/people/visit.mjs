// One visit: a browser, a page, input, a token.

import { startBrowser } from "./browser.mjs";
import { startDesk } from "./desk.mjs";
import { startHands } from "./hands.mjs";

/**
 * One visit by a browser of its own: opens it, plays the plan, and resolves to what the page sent to its backend.
 *
 * A plan has `elements` (see `visitPage`), `events` as `xtest.py` takes them, in pixels from the page's top left corner,
 * `help` (see there too), and `act`, which is called instead of playing where the input is somebody else's business.
 *
 * @param browser `chromium` or `firefox`
 * @param display name of the X server
 * @param options those of `startBrowser`; `prepare(hands)` is called before the page is opened, `beside(browser)` while the
 *   plan is played, and what it returns afterwards
 * @returns `token`, `late` as `play` of hands.mjs gives it, `state` of the page: `focus`, `filled` (characters a field)
 */
export async function visit({ browser: name, display, verifier, plan, options = {} }) {
  const hands = await startHands(display);
  const desk = await startDesk(verifier);
  const browser = startBrowser(name, display, desk.origin, options);
  let after;
  try {
    await desk.lobby();
    await pause(SETTLE_MS);
    await options.prepare?.(hands);
    const origin = await locate(desk, hands);
    const onScreen = (events) => events.map(([t, kind, ...at]) => (kind === "m" ? [t, kind, origin.x + at[0], origin.y + at[1]] : [t, kind, ...at]));
    const onPage = plan.elements.map((each) => ({ ...each, ...scaled(each, 1 / origin.ratio) }));
    const { elements, events, help, act } = { ...plan, elements: onPage };
    const first = events.find(([, kind]) => kind === "m");
    if (first) await hands.play(onScreen([[0, ...first.slice(1)]]));
    await desk.open(elements, help);
    await pause(THINKING_MS);
    after = await options.beside?.(browser);
    const late = act ? await act({ origin, hands, browser, elements }) : await hands.play(onScreen(events));
    const { token, error, state } = await desk.token();
    if (!token) throw new Error(error);
    return { token, late, state };
  } finally {
    await after?.();
    await browser.stop();
    await desk.stop();
    hands.stop();
  }
}

/**
 * The page's top left corner on the screen, and how many pixels of the screen one of the page's is: from two places of the
 * pointer, as browsers that resist fingerprinting tell neither. A third place says whether it is true: on a busy machine the
 * page may speak of an earlier one.
 */
async function locate(desk, hands) {
  for (let attempts = 0; attempts < 6; attempts++) {
    const [one, other, check] = [await pointed(desk, hands, 120, 380), await pointed(desk, hands, 420, 560), await pointed(desk, hands, 260, 460)];
    const ratio = (other.screen[0] - one.screen[0]) / (other.client[0] - one.client[0]);
    const [x, y] = [0, 1].map((axis) => one.screen[axis] - one.client[axis] * ratio);
    const off = Math.hypot(x + check.client[0] * ratio - check.screen[0], y + check.client[1] * ratio - check.screen[1]);
    if (off < 3) return { x, y, ratio };
  }
  throw new Error("the page does not say where the pointer is");
}

/** Where the page says the pointer is when it is at a place of the screen. */
async function pointed(desk, hands, x, y) {
  await hands.play([[0, "m", x - 9, y + 7]]);
  await hands.play([[0, "m", x, y]]);
  await pause(300);
  return { screen: [x, y], client: (await desk.where()).client };
}

const scaled = ({ x, y, w, h }, factor) => ({ x: x * factor, y: y * factor, w: w * factor, h: h * factor });

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Firefox rearranges its window once more after the first page is there. */
const SETTLE_MS = 1_500;
/** The agent starts when the page is idle; nobody acts before having looked. */
const THINKING_MS = 700;
