import type { Client } from "../client.ts";
import { BROWSER_ERROR_TOKEN } from "../fallback.ts";
import type { Checked, Sent } from "../index.ts";

/** A site key's verifier, as the page reaches it. */
export interface Site {
  /** URL of the verifier, without a slash at the end; may hold a path prefix. */
  base: string;
  key: string;
  /** The language to speak, as a BCP 47 tag. */
  hl: string;
  client: Pick<Client, "execute">;
}

/** Has a code sent to the address that a request token stands for. Never rejects. */
export function send(site: Site, requestToken: string): Promise<Sent> {
  return post(site, "send", { requestToken }) as Promise<Sent>;
}

/**
 * Has a code checked, which costs an attempt where it is wrong. Not sent again by itself: what was lost may have counted.
 * Never rejects.
 */
export function verify(site: Site, requestToken: string, pin: string): Promise<Checked> {
  return post(site, "verify", { requestToken, pin }) as Promise<Checked>;
}

/** Each request carries a token of its own, which the verdict is put on. */
async function post({ base, key, client }: Site, door: string, body: object): Promise<Sent | Checked> {
  const abort = new AbortController();
  const limit = setTimeout(() => abort.abort(), LIMIT_MS);
  try {
    const token = await client.execute(ACTION);
    // The verifier could not be reached, and would take the request for a forged one.
    if (token === BROWSER_ERROR_TOKEN) return UNREACHABLE;
    // As plain text, since any other type would cost every cross-origin page a preflight request.
    const response = await fetch(`${base}/recaptcha/agent/factor/${door}?k=${encodeURIComponent(key)}`, {
      method: "POST",
      body: JSON.stringify({ ...body, token }),
      credentials: "omit",
      cache: "no-store",
      signal: abort.signal,
    });
    const said = await response.json();
    if (response.ok) return parse(said);
    if (response.status < 500) {
      // A slip of the page's developer, whom the message tells what is wrong.
      console.error("touchstone:", said.error && said.error.message);
      return { result: "INTERNAL" };
    }
  } catch {
    // As if it had said nothing.
  } finally {
    clearTimeout(limit);
  }
  return UNREACHABLE;
}

/** What the verifier said, within bounds; everything after this file believes it. */
function parse(said: any): Sent | Checked {
  const { result, verdictToken } = said;
  if (result === "SENT") {
    return {
      result,
      channel: said.channel === "phone" ? "phone" : "email",
      hint: String(said.hint || "").slice(0, HINT_MAX),
      digits: within(said.digits, 4, 10, 6),
      expiresInSeconds: within(said.expiresInSeconds, 0, 3600, 900),
      attemptsLeft: within(said.attemptsLeft, 0, 100, 5),
      resendInSeconds: within(said.resendInSeconds, 0, 3600, 30),
    };
  }
  if (result === "PIN_MISMATCH" || result === "INVALID_PIN") return { result, attemptsLeft: within(said.attemptsLeft, 0, 100, 0) };
  if (typeof result !== "string" || (result === "VERIFIED" && typeof verdictToken !== "string")) return UNREACHABLE;
  return { result, ...(typeof verdictToken === "string" && { verdictToken }) } as Sent | Checked;
}

function within(value: unknown, least: number, most: number, usual: number): number {
  const number = Math.round(value as number);
  return number >= least && number <= most ? number : usual;
}

const UNREACHABLE = { result: "UNREACHABLE" as const };
/** The action that these requests' own tokens are for. */
const ACTION = "two_factor";
/** For the token and a mail server that is slow: milliseconds. */
const LIMIT_MS = 30_000;
const HINT_MAX = 200;
