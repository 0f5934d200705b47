/** What the address of the script says. */
export interface Place {
  /** URL of the verifier, without a slash at the end. A path prefix in front of the script's own name survives. */
  base: string;
  /** The site key of `render=KEY`; undefined for `render=explicit`, `render=onload` or none. */
  key: string | undefined;
  /** Name of the global function to call when the script is ready. */
  onload: string | undefined;
  inspect: boolean;
}

export function parsePlace(address: string): Place {
  const url = new URL(address);
  const query = url.searchParams;
  const render = query.get("render");
  return {
    base: url.origin + url.pathname.replace(SCRIPT, ""),
    key: render && render !== "explicit" && render !== "onload" ? render : undefined,
    onload: query.get("onload") || undefined,
    inspect: query.get("inspect") === "1",
  };
}

const SCRIPT = /\/(recaptcha\/(enterprise|api)\.js|[^/]*)$/;
