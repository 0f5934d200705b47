// Resident memory of `touchstone serve`: just started, and after 1,000 tokens and their assessments.
//
//   node bench/idle-memory.mjs

import { readFileSync } from "node:fs";
import { assess, plainReport, postToAgent } from "../harness/api.mjs";
import { startVerifier } from "../harness/touchstone.mjs";
import { pause } from "../harness/visitor.mjs";

const AIM_MB = 20;
const ASSESSMENTS = 1_000;

if (process.platform !== "linux") {
  console.log("skipped: reads /proc");
  process.exit(77);
}

const verifier = await startVerifier();
try {
  await pause(1_000);
  print("idle, just started", resident());
  const started = performance.now();
  for (let done = 0; done < ASSESSMENTS; done++) {
    const { body } = await postToAgent(verifier, "token", plainReport());
    const { tokenProperties } = await assess(verifier, body.toString());
    if (!tokenProperties.valid) throw new Error(tokenProperties.invalidReason);
  }
  const milliseconds = (performance.now() - started) / ASSESSMENTS;
  await pause(1_000);
  print(`idle, after ${ASSESSMENTS} assessments`, resident());
  console.log(`token and assessment, one after the other: ${milliseconds.toFixed(2)} ms`);
} finally {
  await verifier.stop();
}

function resident() {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${verifier.pid}/status`, "utf8"));
  return Number(kilobytes) / 1024;
}

function print(moment, megabytes) {
  console.log(`${moment.padEnd(32)} ${megabytes.toFixed(1)} MiB resident (aim: ${AIM_MB})`);
}
