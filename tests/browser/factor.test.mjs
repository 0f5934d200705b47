// What a visitor meets of whom a code is asked: the form, its keys, and what assistive technology is told.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { needsChromium } from "../harness/chromium.mjs";
import { asked, field, focused, LOST, SENT, SHED, startFactor, status, VERDICT, VERIFIED } from "../harness/factor.mjs";
import { ROOT } from "../harness/touchstone.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const SHOTS = join(ROOT, "tests/out/factor");

describe("the form of the second factor", needsChromium, () => {
  let factor, withPage, challenge;

  before(async () => {
    mkdirSync(SHOTS, { recursive: true });
    factor = await startFactor();
    ({ withPage, challenge } = factor);
  });
  after(() => factor?.stop());

  async function assertAccessible(page, name) {
    await page.screenshot({ path: join(SHOTS, `${name}.png`) });
    await page.addScriptTag({ path: AXE });
    const { violations } = await page.evaluate(() =>
      axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
    );
    const said = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
    assert.deepEqual(said, [], name);
  }

  test("by keyboard alone: a wrong code, the right one pasted with a space, and the focus is back", async () => {
    const complaints = await withPage({ checked: [{ result: "PIN_MISMATCH", attemptsLeft: 4 }, VERIFIED] }, async ({ page, posted }) => {
      await page.locator("#go").focus();
      const { outcome } = await challenge(page);
      const dialog = page.getByRole("dialog", { name: "Confirm that it is you" });
      await field(page).waitFor();
      assert.equal(await focused(page), "code");
      assert.match(await dialog.textContent(), /A code of 6 digits is on its way to a•••@e•••\.com\./);
      await page.keyboard.type("000000");
      await page.keyboard.press("Enter");
      await page.getByText("That is not the code. Attempts left: 4").waitFor();
      assert.equal(await field(page).getAttribute("aria-invalid"), "true");
      assert.equal(await focused(page), "code");
      // What was wrong is selected: what comes now takes its place.
      await page.keyboard.insertText("123 456");
      await page.keyboard.press("Enter");
      assert.deepEqual(await outcome(), { token: VERDICT });
      assert.equal(await dialog.count(), 0);
      assert.equal(await focused(page), "go");
      const [first] = posted.send;
      assert.equal(first.requestToken, "request-token");
      assert.match(first.token, /^[\w-]{100,}$/);
      assert.match(first.headers["content-type"], /^text\/plain/);
      assert.ok(first.url.endsWith(`?k=${encodeURIComponent(factor.verifier.siteKey)}`));
      assert.deepEqual(posted.verify.map(({ pin }) => pin), ["000000", "123456"]);
      assert.notEqual(posted.verify[0].token, posted.verify[1].token);
    });
    assert.deepEqual(complaints, []);
  });

  test("the focus cannot leave the dialog; Escape gives up, which the page is told", async () => {
    await withPage({}, async ({ page }) => {
      await page.locator("#go").focus();
      const { outcome } = await challenge(page);
      await field(page).waitFor();
      for (let presses = 0; presses < 9; presses++) {
        await page.keyboard.press("Tab");
        assert.notEqual(await focused(page), "other");
      }
      await page.keyboard.press("Escape");
      assert.deepEqual(await outcome(), { code: "2FA_ABORTED", message: "touchstone: no second factor: 2FA_ABORTED" });
      assert.equal(await page.getByRole("dialog").count(), 0);
      assert.equal(await focused(page), "go");
    });
  });

  test("a code that is too short costs no attempt", async () => {
    await withPage({}, async ({ page, posted }) => {
      await challenge(page);
      await field(page).fill("12 34");
      await page.keyboard.press("Enter");
      await page.getByText("Please enter all 6 digits of the code.").waitFor();
      assert.deepEqual(posted.verify, []);
    });
  });

  test("digits of other keyboards count", async () => {
    await withPage({}, async ({ page, posted }) => {
      const { outcome } = await challenge(page);
      await field(page).fill("１２٣٤۵6");
      await page.keyboard.press("Enter");
      await outcome();
      assert.equal(posted.verify[0].pin, "123456");
    });
  });

  test("inside an element of the page: no overlay, the same form, and a second one takes its place", async () => {
    const complaints = await withPage({}, async ({ page }) => {
      const first = await challenge(page, { container: "place" });
      await field(page).waitFor();
      assert.equal(await page.getByRole("dialog").count(), 0);
      assert.equal(await page.getByRole("group", { name: "Confirm that it is you" }).count(), 1);
      const second = await challenge(page, { container: "place" });
      assert.equal((await first.outcome()).code, "2FA_ABORTED");
      await field(page).fill("123456");
      await page.getByRole("button", { name: "Continue" }).click();
      assert.deepEqual(await second.outcome(), { token: VERDICT });
      assert.equal(await page.locator("#place").innerHTML(), "");
    });
    assert.deepEqual(complaints, []);
  });

  test("an element that is not there: the dialog, and a word to the developer", async () => {
    const complaints = await withPage({}, async ({ page }) => {
      await challenge(page, { container: "nowhere" });
      await page.getByRole("dialog").waitFor();
    });
    assert.deepEqual(complaints, ["console error: touchstone: challengeAccount finds no element nowhere"]);
  });

  test("two at once: the second dialog, and its code, come after the first", async () => {
    await withPage({}, async ({ page, posted }) => {
      const first = await challenge(page);
      await field(page).waitFor();
      const second = await challenge(page);
      await field(page).fill("123456");
      assert.equal(posted.send.length, 1);
      await page.keyboard.press("Enter");
      assert.deepEqual(await first.outcome(), { token: VERDICT });
      await field(page).fill("654321");
      assert.equal(posted.send.length, 2);
      await page.keyboard.press("Enter");
      assert.deepEqual(await second.outcome(), { token: VERDICT });
    });
  });

  test("another code: not before its time, and it says that earlier ones are void", async () => {
    await withPage({ clock: true }, async ({ page, posted }) => {
      await challenge(page);
      await field(page).waitFor();
      const again = page.getByRole("button", { name: "Send a new code" });
      await again.click();
      assert.match(await status(page).textContent(), /^A new code can be sent in \d+ s\.$/);
      assert.equal(posted.send.length, 1);
      await page.clock.fastForward(31_000);
      await again.click();
      await page.getByText("A new code is on its way. Earlier ones no longer count.").waitFor();
      assert.equal(posted.send.length, 2);
      assert.equal(await focused(page), "code");
    });
  });

  test("time that is over ends the form, whatever stands in it", async () => {
    await withPage({ clock: true }, async ({ page }) => {
      const { outcome } = await challenge(page);
      await field(page).waitFor();
      await page.clock.fastForward(901_000);
      await page.getByRole("heading", { name: "This took too long. Please start again." }).waitFor();
      assert.equal(await field(page).count(), 0);
      await page.getByRole("button", { name: "Close" }).click();
      assert.equal((await outcome()).code, "2FA_CHALLENGE_EXPIRED");
    });
  });

  test("every result that ends it is said, and handed to the page with its verdict once the visitor has read it", async () => {
    const cases = [
      ["verify", "ATTEMPTS_EXHAUSTED", /Too many wrong codes/, "2FA_ATTEMPTS_EXHAUSTED"],
      ["verify", "CHALLENGE_EXPIRED", /took too long/, "2FA_CHALLENGE_EXPIRED"],
      ["verify", "INVALID_REQUEST_TOKEN", /took too long/, "2FA_INVALID_REQUEST_TOKEN"],
      ["send", "RECIPIENT_NOT_ALLOWED", /contact the site/, "2FA_UNKNOWN"],
      ["send", "ABUSE_LIMIT_EXHAUSTED", /at the moment/, "2FA_UNKNOWN"],
      ["send", "QUOTA_EXHAUSTED", /at the moment/, "2FA_UNKNOWN"],
      ["send", "SITE_ONBOARDING_INCOMPLETE", /at the moment/, "2FA_UNKNOWN"],
      ["send", "CHALLENGE_EXPIRED", /took too long/, "2FA_CHALLENGE_EXPIRED"],
      ["send", "INVALID_REQUEST_TOKEN", /took too long/, "2FA_INVALID_REQUEST_TOKEN"],
    ].flatMap(([door, result, ...rest]) => [[door, { result, verdictToken: VERDICT }, ...rest], [door, { result }, ...rest]]);
    const sent = cases.map(([door, said]) => (door === "send" ? said : SENT));
    const checked = cases.filter(([door]) => door === "verify").map(([, said]) => said);
    await withPage({ sent, checked }, async ({ page }) => {
      for (const [door, { result, verdictToken }, text, code] of cases) {
        const { outcome } = await challenge(page);
        if (door === "verify") {
          await field(page).fill("123456");
          await page.keyboard.press("Enter");
        }
        await page.getByRole("heading", { name: text }).waitFor();
        assert.equal(await focused(page), "title");
        await page.getByRole("button", { name: "Close" }).click();
        const expected = verdictToken ? { token: VERDICT } : { code, message: `touchstone: no second factor: ${code}` };
        assert.deepEqual(await outcome(), expected, result);
      }
    });
  });

  test("where none is needed, nothing is shown", async () => {
    await withPage({ sent: [{ result: "BYPASSED", verdictToken: VERDICT }] }, async ({ page }) => {
      const { outcome } = await challenge(page);
      assert.deepEqual(await outcome(), { token: VERDICT });
      assert.equal(await page.getByRole("dialog").count(), 0);
    });
  });

  test("a verifier that is down, or sheds load: it is said, and can be tried again at both doors", async () => {
    await withPage({ sent: [LOST, SHED, { result: "INTERNAL", verdictToken: VERDICT }, SENT], checked: [LOST, SHED, VERIFIED] }, async ({ page, posted }) => {
      const { outcome } = await challenge(page);
      const again = page.getByRole("button", { name: "Send a new code" });
      for (const [at, text] of ["No connection. Please try again.", "No connection. Please try again.", "That did not work. Please try again."].entries()) {
        await asked(posted.send, at + 1);
        await status(page).filter({ hasText: text }).waitFor();
        assert.match(await focused(page), /Send a new code/);
        await again.press("Enter");
      }
      for (let turn = 1; turn <= 2; turn++) {
        await field(page).fill("123456");
        await page.keyboard.press("Enter");
        await asked(posted.verify, turn);
        await status(page).filter({ hasText: "No connection" }).waitFor();
        assert.equal(await field(page).getAttribute("aria-invalid"), "false");
      }
      await page.keyboard.press("Enter");
      assert.deepEqual(await outcome(), { token: VERDICT });
      assert.deepEqual([posted.send.length, posted.verify.length], [4, 3]);
    });
  });

  test("a limit that stops further codes leaves the one that was sent", async () => {
    await withPage({ clock: true, sent: [SENT, { result: "ABUSE_LIMIT_EXHAUSTED", verdictToken: "x".repeat(150) }] }, async ({ page }) => {
      const { outcome } = await challenge(page);
      await field(page).waitFor();
      await page.clock.fastForward(31_000);
      await page.getByRole("button", { name: "Send a new code" }).click();
      await page.getByText("No code can be sent at the moment. Please try again later.").waitFor();
      await field(page).fill("123456");
      await page.keyboard.press("Enter");
      assert.deepEqual(await outcome(), { token: VERDICT });
    });
  });

  for (const [name, options, hl, container] of [
    ["light", {}, "en"],
    ["dark", { colorScheme: "dark" }, "de"],
    ["container", { colorScheme: "dark" }, "en", "place"],
    ["rtl", { viewport: { width: 320, height: 640 } }, "ar"],
    // 200 % of a window of 640 pixels.
    ["zoom", { viewport: { width: 320, height: 256 }, deviceScaleFactor: 2 }, "ru"],
    ["forced-colors", { forcedColors: "active" }, "ja"],
  ]) {
    test(`${name}: axe finds nothing in any state, and nothing is cut off`, async () => {
      await withPage({ hl, options, checked: [{ result: "PIN_MISMATCH", attemptsLeft: 1 }, { result: "ATTEMPTS_EXHAUSTED" }] }, async ({ page }) => {
        await challenge(page, container ? { container } : {});
        const shown = page.locator("input[autocomplete=one-time-code]");
        await shown.waitFor();
        assert.equal(await shown.getAttribute("inputmode"), "numeric");
        await assertAccessible(page, `${name}-asked`);
        await shown.fill("000000");
        await shown.press("Enter");
        await page.locator("[aria-invalid=true]").waitFor();
        await assertAccessible(page, `${name}-wrong`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${wide} pixels too wide`);
        await shown.press("Enter");
        await shown.waitFor({ state: "hidden" });
        await assertAccessible(page, `${name}-over`);
      });
    });
  }
});
