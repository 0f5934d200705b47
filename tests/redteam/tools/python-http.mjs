// Scripted HTTP clients in Python: https://requests.readthedocs.io, https://www.python-httpx.org,
// https://github.com/lexiforest/curl_cffi

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { browserHeaders } from "../forge/client.mjs";
import { HOME, PYTHON } from "../frame/needs.mjs";
import { plainAgent } from "../hands/chromium.mjs";

export default ["requests", "httpx", "curl_cffi"].map((name) => ({
  name: `python-${name.replace("_", "-")}`,
  tier: 0,
  needs: ["chromium", `pip:${name}`],
  variants: ["empty/script-headers", "random/browser-headers", "plain/script-headers"],
  async run({ variant, site }) {
    const [body, disguise] = variant.split("/");
    const { verifier, origin, action } = site;
    const settings = {
      module: name === "curl_cffi" ? "curl_cffi.requests" : name,
      ...{ body, action, verifier: verifier.origin, siteKey: verifier.siteKey },
      headers: disguise === "browser-headers" ? browserHeaders(origin, plainAgent()) : { origin },
    };
    const { stdout } = await promisify(execFile)(PYTHON, [join(HOME, "python/http_client.py"), JSON.stringify(settings)], { env: { PATH: process.env.PATH, NO_PROXY: "*" } });
    return { acted: true, token: stdout.trim() };
  },
}));
