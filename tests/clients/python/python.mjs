// Runs the Python scripts of this folder in their own environment.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const PYTHON = fileURLToPath(new URL("../.venv/bin/python", import.meta.url));

/** For `describe`: says why the tests inside are skipped, where the clients of Python are not installed. */
export const needsPython = { skip: existsSync(PYTHON) ? false : "the clients of Python are not installed; run tests/clients/install.sh" };

/**
 * Runs a script of promises, each as a test of its own below `t`.
 *
 * @param tokens how many real tokens the script needs
 * @param more facts for the script, beside those of the stage
 */
export async function checkPromises(t, script, stage, { tokens = 0, more = {}, env = {} } = {}) {
  const given = { ...facts(stage), ...more, tokens: await stage.tokens(tokens) };
  let count = 0;
  const { lines, ended } = start(script, { STAGE: JSON.stringify(given), ...env });
  for await (const line of lines) {
    const { promise, failure } = JSON.parse(line);
    count++;
    await t.test(promise, () => assert.equal(failure, null, failure));
  }
  const { code, said } = await ended;
  assert.equal(code, 0, said);
  assert.ok(count > 0, `${script} promises nothing`);
}

/**
 * Starts a site that a script serves; resolves to its `origin` as soon as it listens, and `stop`.
 *
 * @param more facts for the script, beside those of the stage
 */
export async function startPythonSite(script, stage, { more = {}, env = {} } = {}) {
  const { child, lines, ended } = start(script, { STAGE: JSON.stringify({ ...facts(stage), ...more }), ...env });
  const stop = () => (child.kill("SIGKILL"), ended);
  for await (const line of lines) return { ...JSON.parse(line), stop };
  throw new Error(`${script} does not serve: ${(await ended).said}`);
}

const facts = ({ verifier, authority, port }) => {
  const { origin, project, siteKey, secret, apiKey } = verifier;
  return { origin, port, project, siteKey, secret, apiKey, ca: authority?.ca };
};

function start(script, env) {
  const file = fileURLToPath(new URL(script, import.meta.url));
  // A script must not find the cloud that this machine may belong to.
  const child = spawn(PYTHON, [file], { env: { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: "1", NO_GCE_CHECK: "true", ...env } });
  let said = "";
  child.stderr.on("data", (bytes) => (said += bytes));
  const ended = new Promise((resolve) => child.once("close", (code) => resolve({ code, said })));
  process.once("exit", () => child.kill("SIGKILL"));
  return { child, ended, lines: createInterface({ input: child.stdout }) };
}
