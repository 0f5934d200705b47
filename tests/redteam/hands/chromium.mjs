// How Chromium is started for a tool: a profile of its own, nothing but this machine reachable.

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createServer } from "node:net";
import { CHROMIUM } from "../../harness/chromium.mjs";
import { startGroup } from "./group.mjs";

export { CHROMIUM };

/** What the test machine needs, and nothing that a page could notice. */
export const SWITCHES = [
  "--no-sandbox",
  "--no-first-run",
  "--no-default-browser-check",
  "--password-store=basic",
  "--window-size=1400,900",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
];

/** The user agent of this Chromium with a window, as an override would have it. */
export function plainAgent() {
  agent ??= execFileSync(CHROMIUM, ["--version"], { stdio: ["ignore", "pipe", "ignore"] }).toString().match(/(\d+)\.\d/)[1];
  return `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${agent}.0.0.0 Safari/537.36`;
}
let agent;

/** The switches of a variant: those above, and those that hide automation where it asks for them. */
export function switchesOf({ headful, flags }) {
  return [...SWITCHES, ...(flags ? ["--disable-blink-features=AutomationControlled", ...(headful ? [] : [`--user-agent=${plainAgent()}`])] : [])];
}

/** The variables a browser is started with: its display, and no bus or proxy of the machine's. */
export function environment(display) {
  const { PATH, HOME, LANG = "en_US.UTF-8", TMPDIR } = process.env;
  return { PATH, HOME, LANG, ...(TMPDIR ? { TMPDIR } : {}), ...(display ? { DISPLAY: display } : {}) };
}

/**
 * An ordinary Chromium with a window, started as a person starts it, but for a debugging port of a fixed number: Chromium
 * calls itself automated only where the port is 0.
 */
export async function startOrdinary({ display, outDir, url = "about:blank", args = [] }) {
  const port = await freePort();
  const profile = join(outDir, "profile");
  mkdirSync(profile, { recursive: true });
  const words = [...SWITCHES, `--user-data-dir=${profile}`, `--remote-debugging-port=${port}`, ...args, url];
  const { end } = startGroup(CHROMIUM, words, { env: environment(display), stdio: "ignore" });
  try {
    await listening(port);
  } catch (error) {
    end();
    throw error;
  }
  return { port, stop: end };
}

export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

async function listening(port) {
  for (let tries = 0; tries < 150; tries++) {
    if (await fetch(`http://127.0.0.1:${port}/json/version`).then((answer) => answer.ok, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("the browser's debugging port did not open within 30 s");
}
