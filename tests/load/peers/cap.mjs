// Cap: a token is a key of a table in memory, and deleted when it is checked.

import { createHash, randomBytes } from "node:crypto";
import Cap from "@cap.js/server";
import { serve } from "./serve.mjs";

const LIFETIME_MS = 20 * 60_000;
const tokensList = {};
const cap = new Cap({ noFSState: true, state: { challengesList: {}, tokensList } });

serve({
  // As the package does when a challenge was solved.
  async mint() {
    const [id, text] = [randomBytes(8).toString("hex"), randomBytes(15).toString("hex")];
    tokensList[`${id}:${createHash("sha256").update(text).digest("hex")}`] = Date.now() + LIFETIME_MS;
    return { token: `${id}:${text}` };
  },
  async verify({ token }) {
    const { success } = await cap.validateToken(token);
    return success;
  },
});
