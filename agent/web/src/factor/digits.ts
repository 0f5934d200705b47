/** The digits of what was typed or pasted, as ASCII has them: keyboards for Arabic, Persian and Japanese have their own. */
export function digitsOf(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(/[^0-9]/g, "");
}
