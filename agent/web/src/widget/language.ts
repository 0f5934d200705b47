/** What is said to visitors in one language. */
export interface Spoken<Message extends string> {
  /** The language's BCP 47 tag. */
  lang: string;
  /** How it is written, as HTML's attribute `dir` has it. */
  dir: "ltr" | "rtl";
  say: Record<Message, string>;
}

/** By language, its messages with `|` between them. English is always there. */
export type Catalogue = { en: string } & Record<string, string>;

/**
 * All messages in the language that fits a BCP 47 tag best; English where none does.
 *
 * @param keys in the order of the catalogue's messages
 */
export function spoken<Message extends string>(tag: string, keys: Message[], catalogue: Catalogue): Spoken<Message> {
  const parts = tag.toLowerCase().split(/[-_]/);
  const isTraditional = parts[0] === "zh" && parts.some((part) => ["hant", "tw", "hk", "mo"].includes(part));
  const lang = Object.keys(catalogue).find((known) => known === (isTraditional ? "zh-Hant" : parts[0])) || "en";
  const texts = catalogue[lang]!.split("|");
  const say = Object.fromEntries(keys.map((key, at) => [key, texts[at]])) as Record<Message, string>;
  return { lang, dir: directionOf(lang), say };
}

/** How a language is written. */
export function directionOf(lang: string): "ltr" | "rtl" {
  return lang === "ar" ? "rtl" : "ltr";
}
