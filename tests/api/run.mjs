// Tries the API with generated requests, by its own description: no 5xx, and no answer that the description does not allow.
// `node run.mjs` is short; `--thorough` makes 10,000 requests and more.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

import { startVerifier } from "../harness/touchstone.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const thorough = process.argv.includes("--thorough");

const verifier = await startVerifier({ args: ["--quota-per-minute", "0"] });
let status = 1;
try {
  const create = ["key", "create", "--project", verifier.project, "--name", "universal", "--domain", "localhost"];
  const universal = await verifier.command(...create, "--type", "universal", "--json");
  const variables = {
    API_KEY: verifier.apiKey,
    PROJECT: verifier.project,
    SITE_KEY: verifier.siteKey,
    UNIVERSAL_KEY: universal.siteKey,
    FIREWALL_POLICY: await make("firewallpolicies", { path: "/prices/*" }),
    ASSESSMENT: await make("assessments", {}),
  };
  const phases = thorough ? "examples,coverage,fuzzing,stateful" : "examples,fuzzing";
  const words = ["--phases", phases, "--max-examples", thorough ? "250" : "10", "--continue-on-failure", "--no-color"];
  status = await schemathesis([`${verifier.origin}/openapi.json`, ...words], variables);
} finally {
  await verifier.stop();
}
console.log(`counts: ${Number(status === 0)} passed, ${Number(status !== 0)} failed, 0 skipped`);
process.exitCode = status;

/** Makes something in the project; its identifier. */
async function make(collection, body) {
  const headers = { "x-goog-api-key": verifier.apiKey };
  const url = `${verifier.origin}/v1/projects/${verifier.project}/${collection}`;
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url}: ${await answer.text()}`);
  return (await answer.json()).name.split("/").pop();
}

function schemathesis(words, variables) {
  const options = { cwd: HERE, env: { ...process.env, ...variables }, stdio: "inherit" };
  const child = spawn(".venv/bin/schemathesis", ["--config-file", "schemathesis.toml", "run", ...words], options);
  return new Promise((resolve, reject) => child.on("error", reject).on("close", (code) => resolve(code ?? 1)));
}
