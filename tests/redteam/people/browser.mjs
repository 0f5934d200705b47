// Browsers as a person starts them: no automation flag, no debugging port, a profile of their own.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What is installed: name to executable. */
export const BROWSERS = Object.fromEntries(
  Object.entries({
    chromium: [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"],
    firefox: [process.env.FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"],
  })
    .map(([name, places]) => [name, places.find((file) => file && existsSync(file))])
    .filter(([, file]) => file),
);

/**
 * Opens a browser on a display at an address.
 *
 * @param width size of the window, in pixels of the screen
 * @param args further switches, such as a private window's
 * @param prefs Firefox's preferences, such as resisted fingerprinting
 */
export function startBrowser(name, display, url, { width = 1280, height = 900, args = [], prefs = {} } = {}) {
  const profile = mkdtempSync(join(tmpdir(), `touchstone-${name}-`));
  const words = name === "firefox" ? firefox(profile, prefs, args, width, height) : chromium(profile, args, width, height);
  const child = spawn(BROWSERS[name], [...words, url], { env: { PATH: process.env.PATH, LANG: "en_US.UTF-8", HOME: profile, DISPLAY: display }, stdio: "ignore", detached: true });
  running.add(child);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  return {
    name,
    pid: child.pid,
    async stop() {
      signal(child, "SIGTERM");
      const late = setTimeout(() => signal(child, "SIGKILL"), 3_000);
      await ended;
      clearTimeout(late);
      signal(child, "SIGKILL");
      running.delete(child);
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

function chromium(profile, args, width, height) {
  return [
    `--user-data-dir=${profile}`,
    `--window-size=${width},${height}`,
    "--window-position=0,0",
    "--no-first-run",
    "--no-default-browser-check",
    "--password-store=basic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // As root there is no sandbox; the bar that warns of it would move the page while somebody points at it.
    ...(process.getuid?.() === 0 ? ["--no-sandbox", "--test-type"] : []),
    // Nothing but this machine is reachable, whatever the browser itself asks for.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    ...args,
  ];
}

function firefox(profile, prefs, args, width, height) {
  const lines = Object.entries({ ...FIREFOX_PREFS, ...prefs }).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`);
  writeFileSync(join(profile, "user.js"), lines.join("\n"));
  return ["--no-remote", "--profile", profile, "--width", `${width}`, "--height", `${height}`, ...args];
}

/** To the browser and all its processes. */
function signal(child, name) {
  try {
    process.kill(-child.pid, name);
  } catch {
    // It has ended.
  }
}

/** No first-run pages, no questions, nothing asked of any other machine. */
const FIREFOX_PREFS = {
  "browser.aboutwelcome.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.homepage_override.mstone": "ignore",
  "browser.startup.page": 0,
  "browser.tabs.warnOnClose": false,
  "browser.formfill.enable": false,
  "signon.rememberSignons": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "datareporting.policy.dataSubmissionPolicyBypassNotification": true,
  "termsofuse.bypassNotification": true,
  "browser.preonboarding.enabled": false,
  "trailhead.firstrun.didSeeAboutWelcome": true,
  "toolkit.telemetry.enabled": false,
  "app.normandy.enabled": false,
  "app.update.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.safebrowsing.downloads.enabled": false,
  "services.settings.server": "http://127.0.0.1:9",
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "network.proxy.type": 1,
  "network.proxy.http": "127.0.0.1",
  "network.proxy.http_port": 9,
  "network.proxy.ssl": "127.0.0.1",
  "network.proxy.ssl_port": 9,
  "network.proxy.no_proxies_on": "localhost, 127.0.0.1",
};

const running = new Set();
process.once("exit", () => running.forEach((child) => signal(child, "SIGKILL")));
