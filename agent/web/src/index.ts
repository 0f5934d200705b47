import { type Client, type ClientOptions, createClient } from "./client.ts";
import { createEngine } from "./engine.ts";

/** Scores the visitor of this page under one site key. */
export interface Touchstone {
  /**
   * Resolves to a token for the page's backend, valid for 2 minutes and one assessment; call it when the visitor acts.
   * Without the agent or the network the token is one that assesses low or as invalid. It rejects only where the site key
   * asks visitors a question and this one has closed it.
   *
   * @param action what the visitor is about to do: at most 100 characters of `A-Z a-z 0-9 / _`
   */
  execute(action: string): Promise<string>;
  /**
   * Asks the visitor for a code that goes to an address of the account, in a dialog or in an element of the page.
   *
   * Resolves to a verdict token for the backend's second assessment, which says what came of it: the visitor may also have
   * failed. Rejects where there is nothing to say, with the reason as the error's `code`: `2FA_ABORTED` when the visitor
   * closed the form.
   *
   * @param requestToken of an assessment's `accountVerification.endpoints`
   */
  confirm(requestToken: string, options?: ConfirmOptions): Promise<string>;
  /** The same without a form, for pages that have their own. */
  factor(requestToken: string): Factor;
}

export interface ConfirmOptions {
  /** The element to show the form in, or its id. */
  container?: HTMLElement | string;
}

/** A second factor of which the page shows what is to be seen. Nothing of it rejects. */
export interface Factor {
  /** Sends a code; a second call sends another, and voids the first. */
  send(): Promise<Sent>;
  /** @param code the digits that the visitor entered */
  verify(code: string): Promise<Checked>;
}

/** What came of sending a code. */
export type Sent =
  | {
      result: "SENT";
      channel: "email" | "phone";
      /** The address or number, as much of it as the visitor needs to know it again. */
      hint: string;
      /** Of the code. */
      digits: number;
      expiresInSeconds: number;
      attemptsLeft: number;
      /** Sooner, no other code is sent. */
      resendInSeconds: number;
    }
  | Unsent;

/** No code was sent. Where there is a verdict token, the backend learns why by an assessment of it. */
export interface Unsent {
  result:
    | "RECIPIENT_NOT_ALLOWED"
    | "ABUSE_LIMIT_EXHAUSTED"
    | "QUOTA_EXHAUSTED"
    | "SITE_ONBOARDING_INCOMPLETE"
    | "INTERNAL"
    | "CHALLENGE_EXPIRED"
    | "INVALID_REQUEST_TOKEN"
    /** None is needed. */
    | "BYPASSED"
    /** The verifier did not answer, or the file with this part of the agent did not load. */
    | "UNREACHABLE";
  verdictToken?: string;
}

/** What came of checking a code. */
export type Checked =
  | { result: "VERIFIED"; verdictToken: string }
  | { result: "PIN_MISMATCH" | "INVALID_PIN"; attemptsLeft: number }
  | {
      result: "ATTEMPTS_EXHAUSTED" | "CHALLENGE_EXPIRED" | "INVALID_REQUEST_TOKEN" | "INTERNAL" | "UNREACHABLE";
      verdictToken?: string;
    };

export interface LoadOptions {
  /** URL of the verifier, with its path prefix if it has one. Default: the origin of the page. */
  origin?: string;
  /** Whether a worker may be asked what it sees of the browser. Default: true. */
  worker?: boolean;
  /** The language of a question to the visitor, as a BCP 47 tag. Default: that of the page, else of the browser. */
  hl?: string;
}

/**
 * Starts the agent for a site key; it begins to record interaction at once, so call it early. Resolves when recording
 * runs or has turned out to be impossible. Further calls with the same key and origin return the same agent.
 *
 * @throws Error outside a browser page
 */
export async function load(key: string, { origin, worker = true, hl }: LoadOptions = {}): Promise<Touchstone> {
  if (typeof document === "undefined") throw new Error("touchstone: load needs a browser page");
  hl = hl || document.documentElement.lang || navigator.language;
  const base = new URL(origin || "/", location.href).href.replace(/\/+$/, "");
  const id = base + " " + key;
  let client = clients.get(id);
  if (!client) clients.set(id, (client = createClient({ key, base, engine, pow, worker, hl, ask })));
  await client.start();
  const { execute } = client;
  const site = { base, key, hl, client };
  return {
    execute,
    confirm: async (requestToken, { container } = {}) => (await file()).prompt(site, requestToken, container),
    factor: (requestToken) => ({
      send: () => file().then(({ send }) => send(site, requestToken), unreachable),
      verify: (code) => file().then(({ verify }) => verify(site, requestToken, code), unreachable),
    }),
  };
}

const file = () => import("./touchstone_factor.js");

const unreachable = () => ({ result: "UNREACHABLE" as const });

const pow = () => import("./touchstone_pow.js");

const ask: ClientOptions["ask"] = async (...question) => (await import("./touchstone_widget.js")).ask(...question);

const clients = new Map<string, Client>();

const engine = createEngine({
  glue: () => import("./touchstone_agent.js"),
  wasm: () => new URL("./touchstone_agent_bg.wasm", import.meta.url),
});
