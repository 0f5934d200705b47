// A visitor who answers what the verifier asks, in English.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./touchstone.mjs";
import { pause } from "./visitor.mjs";

/** Answers what the dialog asks until it closes; with `wrongly`, never as it should. */
export async function answer(page, { wrongly = false } = {}) {
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  while (await dialog.count()) {
    const question = await dialog.getByRole("heading").textContent();
    // Longer than the quickest answer that counts.
    await pause(400);
    const { words } = DICTIONARY.find(({ one, many }) => question.startsWith(one) || question.startsWith(many));
    const choices = await dialog.getByRole("group").getByRole("button").all();
    const texts = await Promise.all(choices.map((choice) => choice.locator("span").last().textContent()));
    const picked = choices.filter((_, at) => words.includes(texts[at]) !== wrongly);
    const send = dialog.getByRole("button", { name: "Continue" });
    const answered = page.waitForResponse(/agent\/answer/);
    if (await send.count()) {
      for (const choice of picked) await choice.click();
      await send.click();
    } else await picked[0].click();
    await answered;
    await page.waitForFunction(() =>
      [...document.querySelectorAll("body > div")].every(({ shadowRoot }) => !shadowRoot?.querySelector("[aria-busy=true]:not(button)")),
    );
  }
}

/** The words of the English questions, by what is asked. */
const DICTIONARY = readFileSync(join(ROOT, "verifier/challenge/words/en.toml"), "utf8")
  .split(/\n(?=\[[^.\]]+\]\n)/)
  .filter((part) => part.includes(".words]"))
  .map((part) => {
    const text = (name) => new RegExp(`^${name} = "(.*)"`, "m").exec(part)[1];
    const [, words] = part.split(".words]\n");
    return { one: text("one"), many: text("many"), words: Array.from(words.matchAll(/= "(.*)"/g), ([, word]) => word) };
  });
