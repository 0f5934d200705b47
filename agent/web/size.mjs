// Prints the size of each file that a page loads, and fails when those of a page with a score key are too large together,
// or the file with the widgets is too large by itself.
//   node size.mjs [DIR]     DIR: default ../../pkg

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const LIMIT = 25_000;
const FILES = ["script.js", "touchstone_agent_bg.wasm"];
const WIDGET = "touchstone_widget.js";
const WIDGET_LIMIT = 12_000;

const folder = process.argv[2] ?? fileURLToPath(new URL("../../pkg", import.meta.url));
const rows = FILES.map(measure);
const widget = measure(WIDGET);
const sum = (column) => rows.reduce((total, row) => total + row[column], 0);
const all = { name: "in all", raw: sum("raw"), gzip: sum("gzip"), brotli: sum("brotli") };

for (const { name, raw, gzip, brotli } of [...rows, all, widget]) {
  console.log(name.padEnd(26), ...[raw, gzip, brotli].map((bytes) => String(bytes).padStart(8)));
}
console.log(`${all.brotli} of ${LIMIT} bytes, brotli; ${WIDGET}: ${widget.brotli} of ${WIDGET_LIMIT}`);
if (all.brotli > LIMIT || widget.brotli > WIDGET_LIMIT) process.exitCode = 1;

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
