// curl, as in a shell script: https://curl.se

import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { browserHeaders } from "../forge/client.mjs";
import { plainAgent } from "../hands/chromium.mjs";

export default {
  name: "curl",
  tier: 0,
  needs: ["curl", "chromium"],
  variants: ["empty", "random", "empty/browser-headers", "random/browser-headers"],
  quick: ["empty", "random/browser-headers"],
  async run({ variant, site, outDir }) {
    const [kind, disguise] = variant.split("/");
    const headers = disguise ? browserHeaders(site.origin, plainAgent()) : { origin: site.origin };
    const body = join(outDir, "body");
    writeFileSync(body, kind === "random" ? randomBytes(600) : "");
    const words = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
    const door = (name) => `${site.verifier.origin}/recaptcha/agent/${name}?k=${site.verifier.siteKey}`;
    const curl = (...rest) =>
      new Promise((resolve, reject) => execFile("curl", ["-sS", "--noproxy", "*", ...words, ...rest], { encoding: "buffer" }, (error, out) => (error ? reject(error) : resolve(out))));
    await curl("--data-binary", "", door("session"));
    return { acted: true, token: (await curl("--data-binary", `@${body}`, door("token"))).toString() };
  },
};
