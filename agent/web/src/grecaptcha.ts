import type { Client } from "./client.ts";
import { BROWSER_ERROR_TOKEN } from "./fallback.ts";

/** The options of `execute` that mean something here; any other is ignored. */
export interface ExecuteOptions {
  action?: string;
}

/** The methods of `grecaptcha` and of `grecaptcha.enterprise`: the same ones, so that both share one state. */
export interface Methods {
  ready(callback: () => void): void;
  execute(key?: unknown, options?: ExecuteOptions): Promise<string>;
}

/** The globals of reCAPTCHA's contract, of which a page has one, however many scripts it loads. */
export interface Grecaptcha {
  /**
   * Puts the methods on `window.grecaptcha`, which is extended and never replaced. Called for every script, since a
   * page may have thrown the global away in between.
   */
  define(): void;
  /** Makes a client serve its key; the first one also serves calls that name no key. */
  serve(key: string): Client;
  /** For the time after a script's load event: calls the function named `onload`, then all that waited for `ready`. */
  loaded(onload: string | undefined): void;
  first(): Client | undefined;
}

/** The parts of `window` used here. All of them belong to the page, which may hold anything in them. */
export interface Page {
  grecaptcha?: (Partial<Methods> & { enterprise?: Partial<Methods> }) | undefined;
  ___grecaptcha_cfg?: { fns?: unknown } | undefined;
}

/** The methods close over their state and never use `this`: some libraries call them detached. */
export function createGrecaptcha(page: Page, newClient: (key: string) => Client): Grecaptcha {
  const clients = new Map<string, Client>();
  let waiting: unknown[] | undefined = [];

  const methods: Methods = {
    ready(callback) {
      if (waiting) waiting.push(callback);
      else Promise.resolve().then(() => run(callback));
    },

    async execute(key, options) {
      const chosen = typeof key === "string" ? serve(key) : first();
      const given = key && typeof key === "object" ? (key as ExecuteOptions) : options;
      if (chosen) return chosen.execute(given ? given.action : undefined);
      console.error("touchstone: execute needs a site key, as its argument or as render=KEY in the script's address");
      return BROWSER_ERROR_TOKEN;
    },
  };

  function serve(key: string): Client {
    let client = clients.get(key);
    if (!client) clients.set(key, (client = newClient(key)));
    return client;
  }

  function first(): Client | undefined {
    return clients.values().next().value;
  }

  return {
    serve,
    first,

    define() {
      const root = (page.grecaptcha = page.grecaptcha || {});
      Object.assign(root, methods);
      Object.assign((root.enterprise = root.enterprise || {}), methods);
    },

    loaded(onload) {
      if (onload) run((page as Record<string, unknown>)[onload]);
      const config = page.___grecaptcha_cfg;
      const queue = config && Array.isArray(config.fns) ? config.fns.splice(0) : [];
      queue.push(...(waiting || []));
      waiting = undefined;
      queue.forEach(run);
    },
  };
}

/** Runs a function of the page. One that throws is the page's error, shown as such, and stops no other. */
function run(callback: unknown): void {
  if (typeof callback !== "function") return;
  try {
    callback();
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}
