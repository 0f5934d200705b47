// Filling in the form, as every browser-driving arm does it: with the tool's own verbs, or like a hand.
//
// A tool gives `hands`: `click(selector)`, `type(selector, text)`, `script(text)` that runs JavaScript in the page, and for
// all but naive variants `box(selector)`, `move(x, y)`, `down()`, `up()`, `keyDown(char)`, `keyUp(char)`; careful ones also
// need `shift("down" | "up")`. `step` is the milliseconds between two points of a path, and `rollsOver` says that a key may
// be let go after the next one went down.

import { PATHS } from "../motions/paths.mjs";
import { randomOf } from "../motions/random.mjs";
import { typing } from "../motions/typing.mjs";

/**
 * Fills in the form and sends it. Resolves to what the arm's `run` returns.
 *
 * @param motion see variant.mjs
 * @param style of typing, see typing.mjs
 */
export async function fill(hands, site, { motion, seed, style }) {
  if (motion === "none") {
    await pause(2_000);
    await hands.script(`document.querySelector("#form").requestSubmit()`);
    return { acted: true, input: false };
  }
  if (motion === "scripted") {
    await pause(1_500);
    await hands.script(scripted(site));
    return { acted: true, input: false };
  }
  // The agent starts when the page is idle: input before that would be none.
  await pause(1_000);
  if (motion === "naive") {
    for (const { selector, text } of site.fields) {
      await hands.click(selector);
      await hands.type(selector, text);
    }
    await hands.click(site.checkbox);
    await hands.click(site.submit);
  } else {
    const careful = motion.startsWith("careful-");
    const path = PATHS[motion.replace("careful-", "")];
    await likeAHand(careful ? withCare(hands) : hands, site, { path, random: randomOf(seed), style });
  }
  return { acted: true };
}

/** Fills in the form by an element's properties and untrusted events, as scripts do that never touch an input device. */
function scripted(site) {
  return `for (const { selector, text } of ${JSON.stringify(site.fields)}) {
    const field = document.querySelector(selector);
    field.focus();
    field.value = text;
    for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
  }
  document.querySelector("${site.checkbox}").click();
  document.querySelector("${site.submit}").click();`;
}

async function likeAHand(hands, site, { path, random, style }) {
  let at = { x: random.between(300, 900), y: random.between(100, 500) };
  await hands.move(at.x, at.y);
  await pause(random.between(400, 1_200));
  const press = async (selector) => {
    const box = await hands.box(selector);
    const width = Math.min(box.width, box.height * 3);
    const to = { x: box.x + box.width * clamp(random.normal(0.5, 0.12)), y: box.y + box.height * clamp(random.normal(0.5, 0.14)) };
    await play(hands, path(at, to, { random, width, step: hands.step }));
    at = to;
    await pause(random.lognormal(120, 0.4));
    await hands.down();
    await pause(random.lognormal(90, 0.2));
    await hands.up();
    await pause(random.lognormal(250, 0.3));
  };
  for (const { selector, text } of site.fields) {
    await press(selector);
    await playKeys(hands, typing(text, { random, style }));
    await pause(random.lognormal(400, 0.4));
  }
  await press(site.checkbox);
  await press(site.submit);
}

/** The two oversights that give most tools away, mended: whole pixels, and Shift held where a capital needs it. */
function withCare(hands) {
  const shifted = (char) => /[A-Z!@_]/.test(char);
  return {
    ...hands,
    move: (x, y) => hands.move(Math.round(x), Math.round(y)),
    async keyDown(char) {
      if (shifted(char)) {
        await hands.shift("down");
        await pause(40);
      }
      await hands.keyDown(char);
    },
    async keyUp(char) {
      await hands.keyUp(char);
      if (shifted(char)) {
        await pause(15);
        await hands.shift("up");
      }
    },
  };
}

/** Sends each point when it is due; a tool slower than the path falls behind, as it does for its users. */
async function play(hands, points) {
  const start = performance.now();
  for (const { x, y, t } of points) {
    const early = start + t - performance.now();
    if (early > 0.5) await pause(early);
    await hands.move(x, y);
  }
}

async function playKeys(hands, keys) {
  for (const { char, hold, gap } of keys) {
    const start = performance.now();
    await hands.keyDown(char);
    if (hands.rollsOver && hold > gap) setTimeout(() => hands.keyUp(char), hold);
    else {
      await pause(hold);
      await hands.keyUp(char);
    }
    await pause(Math.max(5, start + gap - performance.now()));
  }
}

const clamp = (share) => Math.min(0.9, Math.max(0.1, share));
export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
