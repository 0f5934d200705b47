// Envelopes and tokens of a real page, sent again or elsewhere by an HTTP client.

import { assess } from "../../harness/api.mjs";
import { launchUndeclared, openPage } from "../../harness/chromium.mjs";
import { execute, press, type } from "../../harness/visitor.mjs";
import { browserHeaders, post } from "../forge/client.mjs";
import { partsOf } from "../forge/envelope.mjs";
import { plainAgent } from "../hands/chromium.mjs";

const VARIANTS = {
  /** One session's report in another one's envelope. */
  async spliced(site) {
    const [mine, yours] = [partsOf(await capture(site)), partsOf(await capture(site))];
    return { token: await send(site, Buffer.concat([mine.head, yours.session, mine.rest])) };
  },
  /** The same envelope posted twice: its second token. */
  async "envelope-twice"(site) {
    const envelope = await capture(site);
    await spend(site, await send(site, envelope));
    return { token: await send(site, envelope) };
  },
  /** A token that was assessed before. */
  async "token-twice"(site) {
    const token = await send(site, await capture(site));
    await spend(site, token);
    return { token };
  },
  /** A token of this key, presented to the assessment as one of another. */
  async "token-on-another-key"(site) {
    const { siteKey } = await site.verifier.newSiteKey(site.verifier.project);
    return { token: await send(site, await capture(site)), event: { siteKey } };
  },
  /** An envelope whose action was changed on its way. */
  async "envelope-of-another-action"(site) {
    const { head, session, rest } = partsOf(await capture(site, "browse"));
    const changed = Buffer.from(rest.toString("latin1").replace("browse", site.action.padEnd(6, "_").slice(0, 6)), "latin1");
    return { token: await send(site, Buffer.concat([head, session, changed])) };
  },
  /** The counter raised, to make a second token out of one envelope. */
  async "envelope-counted-up"(site) {
    const { head, session, rest } = partsOf(await capture(site));
    const counter = 1 + site.action.length;
    await spend(site, await send(site, Buffer.concat([head, session, rest])));
    return { token: await send(site, Buffer.concat([head, session, rest.subarray(0, counter), Buffer.of(rest[counter] + 1), rest.subarray(counter + 1)])) };
  },
};

export default {
  name: "replay",
  tier: 0,
  needs: ["chromium", "npm:playwright-core"],
  variants: Object.keys(VARIANTS),
  quick: ["spliced", "envelope-twice"],
  run: async ({ variant, site }) => ({ acted: true, ...(await VARIANTS[variant](site)) }),
};

/** An envelope that a page sealed after some real work, and that never reached the verifier. */
async function capture(site, action = site.action) {
  const browser = await launchUndeclared();
  try {
    const { page } = await openPage(browser, { viewport: null });
    const sealed = new Promise((resolve) =>
      page.route("**/recaptcha/agent/token?*", async (route) => {
        resolve(route.request().postDataBuffer());
        await route.abort();
      }),
    );
    await page.goto(site.url);
    await page.waitForTimeout(1_000);
    await press(page, "#name");
    await type(page, "Robin");
    await press(page, "#city");
    await execute(page, site.verifier.siteKey, action);
    return await sealed;
  } finally {
    await browser.close();
  }
}

const send = async (site, envelope) => (await post(site, "token", envelope, browserHeaders(site.origin, plainAgent()))).toString();

const spend = (site, token) => assess(site.verifier, token, { event: { siteKey: site.verifier.siteKey } });
