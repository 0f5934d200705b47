// Chromium, started the same way by every test, and an eye on what its pages complain about.

import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

/** The browser to test with; undefined if there is none. */
export const CHROMIUM = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (file) => file && existsSync(file),
);

/** For `describe`: says why the tests inside are skipped, where there is no browser. */
export const needsChromium = { skip: CHROMIUM ? false : "there is no Chromium; name one with the variable CHROMIUM" };

/**
 * @param args further switches
 * @param without switches of Playwright's own to leave out
 */
export function launch({ args = [], without = [] } = {}) {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [...SWITCHES, ...args],
    ignoreDefaultArgs: without,
    timeout: 60_000,
  });
}

/** Chromium that does not say that it is driven: what its visits show is the visitor's behaviour, and that alone. */
export async function launchUndeclared() {
  const probe = await launch();
  const version = probe.version().split(".")[0];
  await probe.close();
  const agent = `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`;
  const browser = await launch({
    args: ["--disable-blink-features=AutomationControlled", "--window-size=1300,900", "--screen-info={1600x1000}"],
    without: ["--enable-automation", "--hide-scrollbars"],
  });
  // Not by a switch: that would leave the client hints without a version, which the agent sees.
  const newContext = browser.newContext.bind(browser);
  browser.newContext = (options) => newContext({ userAgent: agent, ...options });
  return browser;
}

/**
 * Opens a page that collects everything a developer would see as a complaint: errors and warnings in the console,
 * uncaught errors, unhandled rejections, violations of the content security policy.
 */
export async function openPage(browser, options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`uncaught: ${error?.message ?? error}`));
  await page.addInitScript(() => {
    const said = (window.__complaints = []);
    addEventListener("securitypolicyviolation", (event) => said.push(`policy: ${event.violatedDirective} ${event.blockedURI}`));
    addEventListener("error", (event) => event.message && said.push(`error: ${event.message}`));
    addEventListener("unhandledrejection", (event) => said.push(`rejection: ${event.reason}`));
  });
  return {
    page,
    context,
    complaints,
    /** All of them, those that the page itself heard included. */
    async heard() {
      return [...complaints, ...(await page.evaluate(() => window.__complaints))];
    },
  };
}

const SWITCHES = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Nothing but this machine is reachable, whatever a page or the browser itself asks for.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
];
