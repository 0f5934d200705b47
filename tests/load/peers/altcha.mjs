// ALTCHA: a solved challenge is checked by its signatures. What was solved before is not remembered.

import { createChallenge, solveChallenge, verifySolution } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/sha";
import { serve } from "./serve.mjs";

const SECRETS = { hmacSignatureSecret: "a secret of the server", hmacKeySignatureSecret: "another secret of the server" };

serve({
  async mint() {
    // The cost is the visitor's: whoever checks by signature does not solve again.
    const challenge = await createChallenge({ algorithm: "SHA-256", cost: 1, counter: 3, deriveKey, ...SECRETS });
    return { challenge, solution: await solveChallenge({ challenge, deriveKey }) };
  },
  async verify({ challenge, solution }) {
    const { verified } = await verifySolution({ challenge, solution, deriveKey, ...SECRETS });
    return verified;
  },
});
