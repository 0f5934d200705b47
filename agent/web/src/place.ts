/** What the address of the script says. */
export interface Place {
  /** URL of the verifier, without a slash at the end. A path prefix in front of the script's own name survives. */
  base: string;
  /** The site key of `render=KEY`; undefined for `render=explicit`, `render=onload` or none. */
  key: string | undefined;
  /** Whether the elements of class `g-recaptcha` become widgets by themselves. */
  auto: boolean;
  /** Name of the global function to call when the script is ready. */
  onload: string | null;
  /** The language to speak, as a BCP 47 tag; null for that of the page. */
  hl: string | null;
  /** Where the badge of `render=KEY` goes: `bottomleft`, `inline`, `none` for no badge; all else is `bottomright`. */
  badge: string | null;
  inspect: boolean;
}

export function parsePlace(address: string): Place {
  const url = new URL(address);
  const query = url.searchParams;
  const render = query.get("render") || "onload";
  const auto = render === "onload";
  return {
    base: url.origin + url.pathname.replace(SCRIPT, ""),
    key: auto || render === "explicit" ? undefined : render,
    auto,
    onload: query.get("onload"),
    hl: query.get("hl"),
    badge: query.get("badge"),
    inspect: query.get("inspect") === "1",
  };
}

/** The element being run. A loader that runs the text itself leaves only the search by address. */
export function ownScript(): HTMLScriptElement | null {
  const current = document.currentScript as HTMLScriptElement | null;
  return current && current.src ? current : document.querySelector<HTMLScriptElement>(OWN);
}

const OWN = ["recaptcha/enterprise", "recaptcha/api", "touchstone"].map((name) => `script[src*="/${name}.js"]`).join();
const SCRIPT = /\/(recaptcha\/(enterprise|api)\.js|[^/]*)$/;
