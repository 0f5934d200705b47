import { BROWSER_ERROR_TOKEN } from "../fallback.ts";
import { keepCookie } from "./cookie.ts";
import { interceptFetch } from "./fetch.ts";
import { createGuard } from "./guard.ts";
import { readSettings } from "./settings.ts";
import { interceptRequests } from "./xhr.ts";

// What a page needs whose tokens are not its own concern: a cookie that stands for the visitor's session before a firewall, and tokens
// on the requests that the policy of a Universal key protects.

/** Who starts it, and what for. */
export interface Edge {
  /** URL of the verifier, without a slash at the end. */
  base: string;
  key: string;
  /** Whether the address of the script asks for the session's cookie. */
  session: boolean;
  /** As `grecaptcha.execute` with the key. */
  execute(action: string): Promise<string>;
}

/** Does what the key is for. Once for each key, however often the script is there. Requests made before it ends are left alone. */
export async function start({ base, key, session, execute }: Edge): Promise<void> {
  const id = base + " " + key;
  if (started.has(id)) return;
  started.add(id);
  const settings = await readSettings(base, key);
  /** A token that the verifier made. */
  const token = async (action: string) => {
    const text = await execute(action);
    if (text === BROWSER_ERROR_TOKEN) throw new Error("the verifier cannot be reached");
    return text;
  };
  if (session) {
    if (settings.sessionCookie) keepCookie(settings.sessionCookie, () => token(""));
    else console.error(`touchstone: waf=session needs a site key with the wafFeature SESSION_TOKEN, which ${key} has not`);
  }
  if (!settings.endpoints.length) return;
  const guard = createGuard(settings, base, token);
  interceptFetch(window, guard);
  interceptRequests(XMLHttpRequest.prototype, guard);
}

const started = new Set<string>();
