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
}

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
  return { execute };
}

const pow = () => import("./touchstone_pow.js");

const ask: ClientOptions["ask"] = async (...question) => (await import("./touchstone_widget.js")).ask(...question);

const clients = new Map<string, Client>();

const engine = createEngine({
  glue: () => import("./touchstone_agent.js"),
  wasm: () => new URL("./touchstone_agent_bg.wasm", import.meta.url),
});
