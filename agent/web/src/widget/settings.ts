import type { Widget } from "./widget.ts";

/** What the page asked of a widget, read once. Unknown values mean the default. */
export interface Settings {
  size: "normal" | "compact" | "invisible";
  theme: "light" | "dark";
  badge: string;
  tabindex: number;
  action: string | undefined;
  /** BCP 47. */
  hl: string;
}

export type CallbackName = "callback" | "expired-callback" | "error-callback";

export function readSettings({ option }: Widget, hl: string): Settings {
  const text = (name: string) => {
    const value = option(name);
    return value === undefined || value === null ? "" : String(value);
  };
  // A badge is something that only invisible widgets have, and `container` what a wrapper for them hands on.
  const size = text("size") || (text("badge") || text("container") ? "invisible" : "");
  return {
    size: size === "compact" || size === "invisible" ? size : "normal",
    theme: text("theme") === "dark" ? "dark" : "light",
    badge: text("badge"),
    tabindex: parseInt(text("tabindex"), 10) || 0,
    action: text("action") || undefined,
    hl: text("hl") || hl,
  };
}

/**
 * Calls back into the page: a function, or the name of a global one, looked up now since it may be defined late. One that
 * throws is the page's error, shown as such.
 *
 * @returns whether there was anything to call
 */
export function callPage({ option }: Widget, name: CallbackName, ...values: string[]): boolean {
  const given = option(name);
  const callback = typeof given === "string" ? (window as unknown as Record<string, unknown>)[given] : given;
  if (typeof callback !== "function") {
    if (given) console.error(`touchstone: ${name} ${given} is no global function`);
    return false;
  }
  try {
    callback(...values);
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
  return true;
}

/** Whether a widget is bound to this element's click rather than put inside. */
export function isButton(box: Element): box is HTMLButtonElement | HTMLInputElement {
  return box.matches("button,input[type=submit],input[type=button],input[type=image]");
}
