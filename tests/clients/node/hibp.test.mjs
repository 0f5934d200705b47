// npm hibp 15.2.1: asks whether a password is among the Pwned Passwords, by the first digits of its hash.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startVerifier } from "../../harness/touchstone.mjs";

const installed = existsSync(new URL("../node_modules/.installed", import.meta.url));
const needsInstalled = installed ? {} : { skip: "the clients of npm are not installed; run tests/clients/install.sh" };

const PWNED = { password: 10434004, "correct horse": 7, pässwörd: 1 };

describe("hibp 15.2.1", needsInstalled, () => {
  let verifier, hibp, options;

  before(async () => {
    hibp = await import("hibp");
    verifier = await startVerifier({ args: ["--pwned-passwords-range"] });
    options = { baseUrl: verifier.origin };
    const folder = mkdtempSync(join(tmpdir(), "touchstone-hibp-"));
    const list = join(folder, "pwned.txt");
    const line = ([password, count]) => `${createHash("sha1").update(password).digest("hex").toUpperCase()}:${count}\r\n`;
    writeFileSync(list, Object.entries(PWNED).map(line).join(""));
    await verifier.command("leaks", "import", "--format", "hibp", list, "--json");
    rmSync(folder, { recursive: true });
  });
  after(() => verifier?.stop());

  test("a password that was seen is told how often", async () => {
    for (const [password, count] of Object.entries(PWNED)) {
      assert.equal(await hibp.pwnedPassword(password, options), count, password);
    }
  });

  test("one that was not seen is told so", async () => {
    assert.equal(await hibp.pwnedPassword("never seen", options), 0);
  });

  test("a padded range has more than 800 lines, and the same answer", async () => {
    const padded = { ...options, addPadding: true };
    assert.equal(await hibp.pwnedPassword("password", padded), PWNED.password);
    assert.equal(await hibp.pwnedPassword("never seen", padded), 0);
    const range = await hibp.pwnedPasswordRange("5BAA6", padded);
    assert.ok(Object.keys(range).length >= 800);
    assert.equal(range["1E4C9B93F3F0682250B6CF8331B7EE68FD8"], PWNED.password);
  });

  test("a prefix that is none is an error", async () => {
    await assert.rejects(hibp.pwnedPasswordRange("nope", options));
  });
});
