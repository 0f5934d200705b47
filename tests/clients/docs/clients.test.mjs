// docs/clients.md: every row is a client that is pinned, and a test that is there.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const DOCUMENT = read("../../../docs/clients.md");
const ROWS = [...DOCUMENT.matchAll(/^\| (\S+) (\S+?),? .*?\| ([^|]+) \|.*\|$/gm)].map(([row, registry, name, versions]) => ({ row, registry, name, versions }));

describe("docs/clients.md", () => {
  test("names the versions that are installed", () => {
    // A second version of a package has another name here, and says its own: npm:NAME@VERSION.
    const npm = Object.entries(JSON.parse(read("../package.json")).dependencies).map(([name, version]) =>
      version.startsWith("npm:") ? version : `npm:${name}@${version}`,
    );
    const pypi = read("../requirements.txt").split("\n");
    const installed = DOCUMENT.slice(0, DOCUMENT.indexOf("## Requests replayed"));
    let checked = 0;
    for (const { row, registry, name, versions } of ROWS.filter(({ row }) => installed.includes(row))) {
      for (const version of versions.split(", ")) {
        if (registry === "npm") assert.ok(npm.includes(`npm:${name}@${version}`), row);
        else if (registry === "PyPI") assert.ok(pypi.includes(`${name}==${version}`), row);
        else continue;
        checked++;
      }
    }
    assert.ok(checked >= 16, `${checked} rows`);
  });

  test("names a test for every client, and every test", () => {
    const linked = [...DOCUMENT.matchAll(/\]\(\.\.\/tests\/clients\/([^)]+\.test\.mjs)\)/g)].map(([, path]) => path);
    for (const path of linked) assert.ok(existsSync(new URL(`../${path}`, import.meta.url)), path);
    const tests = ["browser", "node", "python", "shapes"].flatMap((folder) =>
      readdirSync(new URL(`../${folder}`, import.meta.url))
        .filter((file) => file.endsWith(".test.mjs"))
        .map((file) => `${folder}/${file}`),
    );
    assert.deepEqual(tests.filter((path) => !linked.includes(path)), []);
  });
});
