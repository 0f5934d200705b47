// PyPI google-cloud-recaptcha-enterprise 1.34.0: gRPC without TLS, and with TLS by the certificate of a company's own
// authority.

import { describe, test } from "node:test";
import { needsChromium } from "../../harness/chromium.mjs";
import { startStage } from "../stage.mjs";
import { checkPromises, needsPython } from "./python.mjs";

describe("google-cloud-recaptcha-enterprise 1.34.0", needsPython, () => {
  for (const tls of [false, true]) {
    test(`a script that uses it works over gRPC ${tls ? "with" : "without"} TLS`, needsChromium, async (t) => {
      const stage = await startStage({ tls });
      try {
        const env = tls ? { GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: stage.authority.ca } : {};
        await checkPromises(t, "google_cloud.py", stage, { tokens: 2, env });
      } finally {
        await stage.stop();
      }
    });
  }
});
