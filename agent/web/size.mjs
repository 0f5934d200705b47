// Prints the size of each file that a page loads, and fails when those of a page with a score key are too large together,
// or a file that is loaded on demand is too large by itself.
//   node size.mjs [DIR]     DIR: default ../../pkg

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const LIMIT = 25_000;
const FILES = ["script.js", "touchstone_agent_bg.wasm"];
const LAZY = { "touchstone_widget.js": 12_000, "touchstone_factor.js": 8_500, "touchstone_edge.js": 2_500 };

const folder = process.argv[2] ?? fileURLToPath(new URL("../../pkg", import.meta.url));
const rows = FILES.map(measure);
const lazy = Object.keys(LAZY).map(measure);
const sum = (column) => rows.reduce((total, row) => total + row[column], 0);
const all = { name: "in all", raw: sum("raw"), gzip: sum("gzip"), brotli: sum("brotli") };

for (const { name, raw, gzip, brotli } of [...rows, all, ...lazy]) {
  console.log(name.padEnd(26), ...[raw, gzip, brotli].map((bytes) => String(bytes).padStart(8)));
}
console.log(
  [`${all.brotli} of ${LIMIT} bytes, brotli`, ...lazy.map(({ name, brotli }) => `${name}: ${brotli} of ${LAZY[name]}`)].join("; "),
);
if (all.brotli > LIMIT || lazy.some(({ name, brotli }) => brotli > LAZY[name])) process.exitCode = 1;

function measure(name) {
  const bytes = readFileSync(join(folder, name));
  return {
    name,
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }).length,
  };
}
