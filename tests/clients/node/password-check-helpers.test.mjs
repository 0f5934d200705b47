// npm recaptcha-password-check-helpers 1.0.3: asks whether a user name and password have leaked, without showing them.

import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startVerifier } from "../../harness/touchstone.mjs";

const installed = existsSync(new URL("../node_modules/.installed", import.meta.url));
const needsInstalled = installed ? {} : { skip: "the clients of npm are not installed; run tests/clients/install.sh" };

/** As they are in the list: plain, dotted, in mixed letters, as addresses, in other scripts. */
const LEAKED = [
  ["leakedusername", "leakedpassword"],
  ["jon.snow", "Targaryen"],
  ["Foo.Bar.baz@shop.example", "s3cret"],
  ["MixedCase", "pässwörd"],
  ["info@firm.example", "pass:word"],
  ["Łukasz.Ż@poczta.example", "hasło"],
];

describe("recaptcha-password-check-helpers 1.0.3", needsInstalled, () => {
  let verifier, PasswordCheckVerification;

  before(async () => {
    ({ PasswordCheckVerification } = (await import("recaptcha-password-check-helpers")).default);
    verifier = await startVerifier();
    // While it serves: what is imported is known at once.
    const folder = mkdtempSync(join(tmpdir(), "touchstone-leaks-"));
    const list = join(folder, "list.txt");
    writeFileSync(list, LEAKED.map((pair) => pair.join(":")).join("\n"));
    await verifier.command("leaks", "import", list, "--json");
    rmSync(folder, { recursive: true });
  });
  after(() => verifier?.stop());

  const ask = async (verification) => {
    const base64 = (bytes) => Buffer.from(bytes).toString("base64");
    const response = await fetch(`${verifier.origin}/v1/projects/${verifier.project}/assessments`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-goog-api-key": verifier.apiKey },
      // Snake case, as the documentation of the protocol has it.
      body: JSON.stringify({
        private_password_leak_verification: {
          lookup_hash_prefix: base64(verification.getLookupHashPrefix()),
          encrypted_user_credentials_hash: base64(verification.getEncryptedUserCredentialsHash()),
        },
      }),
    });
    const answer = await response.json();
    assert.equal(response.status, 200, JSON.stringify(answer));
    return answer.privatePasswordLeakVerification;
  };
  const isLeaked = async (user, password) => {
    const verification = await PasswordCheckVerification.create(user, password);
    const { reencryptedUserCredentialsHash, encryptedLeakMatchPrefixes } = await ask(verification);
    const bytes = (text) => Buffer.from(text, "base64");
    return verification.verify(bytes(reencryptedUserCredentialsHash), encryptedLeakMatchPrefixes.map(bytes)).areCredentialsLeaked();
  };

  for (const [user, password] of LEAKED) {
    test(`${user}, whose password leaked, is told so`, async () => {
      assert.equal(await isLeaked(user, password), true);
      assert.equal(await isLeaked(user.toLowerCase(), password), true);
    });

    test(`${user} with another password is not`, async () => {
      assert.equal(await isLeaked(user, `${password}!`), false);
    });
  }

  test("a name of which nothing leaked has no prefixes, and is not told that it leaked", async () => {
    const verification = await PasswordCheckVerification.create("nobody", "nothing");
    assert.deepEqual((await ask(verification)).encryptedLeakMatchPrefixes, []);
    assert.equal(await isLeaked("nobody", "nothing"), false);
  });

  test("the name of an e-mail address matches with its password when it is used alone", async () => {
    assert.equal(await isLeaked("info", "pass:word"), true);
  });
});
