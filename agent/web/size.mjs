// Prints the size of each file that a page with a score key loads, and fails when they are too large together.
//   node size.mjs [DIR]     DIR: default ../../pkg

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const LIMIT = 25_000;
const FILES = ["script.js", "touchstone_agent.js", "touchstone_agent_bg.wasm"];

const folder = process.argv[2] ?? fileURLToPath(new URL("../../pkg", import.meta.url));
const rows = FILES.map((name) => {
  const bytes = readFileSync(join(folder, name));
  return {
    name,
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }).length,
  };
});
const sum = (column) => rows.reduce((total, row) => total + row[column], 0);
rows.push({ name: "in all", raw: sum("raw"), gzip: sum("gzip"), brotli: sum("brotli") });

for (const { name, raw, gzip, brotli } of rows) {
  console.log(name.padEnd(26), ...[raw, gzip, brotli].map((bytes) => String(bytes).padStart(8)));
}
const { brotli } = rows.at(-1);
console.log(`${brotli} of ${LIMIT} bytes, brotli`);
if (brotli > LIMIT) process.exitCode = 1;
