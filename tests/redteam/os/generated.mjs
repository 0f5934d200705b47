// Tier 5: generated paths and typing by the X server's own input extension, into a browser as a person starts it.

import { randomOf } from "../motions/random.mjs";
import { BROWSERS } from "../people/browser.mjs";
import { visit } from "../people/visit.mjs";
import { filledForm } from "./filling.mjs";
import { PATHS } from "./paths.mjs";

const browsers = Object.keys(BROWSERS);

/** A variant is `BROWSER/PATH/TYPING`, with `/HZ` where the path is sent at another rate than its generator's. */
export default {
  name: "os-xtest",
  tier: 5,
  needs: ["Xvfb", "python3"],
  variants: [
    ...browsers.flatMap((browser) => Object.keys(PATHS).map((path) => `${browser}/${path}/lognormal`)),
    ...["constant", "uniform", "normal"].map((style, i) => `${browsers[i % browsers.length]}/bezier/${style}`),
    ...["minjerk", "sigmalognormal", "spline"].map((path, i) => `${browsers[i % browsers.length]}/${path}/lognormal/500`),
  ],
  quick: ["chromium/straight/lognormal"],
  limit: 180_000,
  async run({ variant, site, seed, display }) {
    const [browser, path, style, hz = "0"] = variant.split("/");
    const plan = filledForm({ path: PATHS[path], style, random: randomOf(seed), hz: Number(hz) });
    const { token, late, state } = await visit({ browser, display, verifier: site.verifier, plan });
    return { acted: true, token, note: { late, state } };
  },
};
