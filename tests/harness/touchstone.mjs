// The binary under test: its commands, `serve` and `demo`, each on free ports and in a directory of its own.

import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The release binary, as the README starts it. */
export function binary() {
  const target = process.env.CARGO_TARGET_DIR || join(ROOT, "target");
  const file = process.env.TOUCHSTONE_BIN || join(target, "release/touchstone");
  if (!existsSync(file)) throw new Error(`${file} is missing; build it with: cargo build --release -p touchstone`);
  return file;
}

/**
 * A verifier with one project, one site key and one API key of that project.
 *
 * `command` runs a verb on the same data directory and returns what it prints with `--json`.
 *
 * @param domains hosts of the pages that may use the site key
 */
export async function startVerifier({ domains = ["localhost"], args = [] } = {}) {
  const data = mkdtempSync(join(tmpdir(), "touchstone-test-"));
  const command = async (...words) => {
    const { stdout } = await promisify(execFile)(binary(), [...words, "--data", data, "--log", "warn"], { env: ENVIRONMENT });
    return words.includes("--json") ? JSON.parse(stdout) : stdout;
  };
  const newSiteKey = (project, hosts = domains) =>
    command("key", "create", "--project", project, "--name", "test", ...hosts.flatMap((host) => ["--domain", host]), "--json");
  const newApiKey = async (project) => (await command("api-key", "create", "--project", project, "--json")).apiKey;
  try {
    const project = "shop";
    const { siteKey, secret } = await newSiteKey(project);
    const apiKey = await newApiKey(project);
    const listen = ["--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"];
    const server = await start(["serve", ...listen, "--data", data, "--log-format", "json", ...args], {
      origin: /"serving".*"address":"([^"]+)"|"address":"([^"]+)".*"serving"/,
      admin: /operator's door.*"address":"([^"]+)"|"address":"([^"]+)".*operator's door/,
    });
    const stop = async () => {
      await server.stop();
      rmSync(data, { recursive: true, force: true });
    };
    return { ...server, stop, command, project, siteKey, secret, apiKey, newSiteKey, newApiKey };
  } catch (error) {
    rmSync(data, { recursive: true, force: true });
    throw error;
  }
}

/** `touchstone demo`: `site` is the origin of the customer's page, `origin` that of the verifier. */
export function startDemo() {
  return start(["demo", "--listen", "127.0.0.1:0", "--verifier-listen", "127.0.0.1:0", "--log", "warn"], {
    site: /The demo is at\s+http:\/\/(\S+)/,
    origin: /its verifier at http:\/\/([^;\s]+)/,
  });
}

/** Starts the binary and waits until each pattern has been seen on its standard error: the addresses it listens on. */
async function start(args, patterns) {
  const child = spawn(binary(), args, { stdio: ["ignore", "ignore", "pipe"], env: ENVIRONMENT });
  running.add(child);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  ended.then(() => running.delete(child));
  const lines = [];
  const found = {};
  const addresses = new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no address within 30 s:\n${lines.join("\n")}`)), 30_000);
    createInterface({ input: child.stderr }).on("line", (line) => {
      lines.push(line);
      for (const [name, pattern] of Object.entries(patterns)) {
        const match = pattern.exec(line);
        if (match) found[name] = `http://${match[1] ?? match[2]}`;
      }
      if (Object.keys(found).length === Object.keys(patterns).length) resolve(clearTimeout(late));
    });
    ended.then((code) => reject(new Error(`ended with ${code}:\n${lines.join("\n")}`)));
  });
  const stop = async () => {
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 5_000);
    await ended;
    clearTimeout(late);
  };
  try {
    await addresses;
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...found, pid: child.pid, lines, stop };
}

const running = new Set();
process.once("exit", () => running.forEach((child) => child.kill("SIGKILL")));
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));

/** The tests' own settings must not reach the server. */
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("TOUCHSTONE_")));
