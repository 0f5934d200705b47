// What is forged must be what the protocol says, or the forgeries fail for the wrong reason.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { encodeReport, fnv1a64 } from "./report.mjs";

const sample = (name) => fileURLToPath(new URL(`../../../protocol/samples/${name}`, import.meta.url));

test("a published sample, encoded here, is the protocol's own bytes", () => {
  const report = JSON.parse(readFileSync(sample("002-report-visit.json"), "utf8"));
  const bytes = encodeReport({ ...report, userAgentHash: fnv1a64("Mozilla/5.0 (X11; Linux x86_64)") });
  assert.deepEqual([...bytes], [...readFileSync(sample("002-report-visit.bin"))]);
});
