import { matches } from "./paths.ts";
import type { Settings } from "./settings.ts";

/** Knows which requests of the page carry a token, and gets it. */
export interface Guard {
  /** The action of a request to this URL, absolute or relative to the page; undefined for one that is left alone. */
  actionOf(url: string): string | undefined;
  /**
   * A token for the action; null where there is none, whatever the reason: then the request goes on without.
   *
   * @param signal of the request: who gives it up does not wait for the token
   */
  token(action: string, signal?: AbortSignal): Promise<string | null>;
}

/** The header that carries the token. */
export const HEADER = "X-Recaptcha-Token";

/** @param base of the verifier, whose own requests are never protected: they are what a token is got by */
export function createGuard({ endpoints, hosts }: Settings, base: string, execute: (action: string) => Promise<string>): Guard {
  let gone = false;
  const waiting = new Set<() => void>();
  // What a page sends as it goes cannot wait: it would never be sent.
  const leave = () => {
    gone = true;
    waiting.forEach((release) => release());
  };
  addEventListener("pagehide", leave, { capture: true });
  addEventListener("pageshow", () => (gone = false), { capture: true });

  return {
    actionOf(address) {
      if (gone) return;
      const url = new URL(address, document.baseURI);
      const near = url.origin === location.origin || (/^https?:$/.test(url.protocol) && hosts.includes(url.hostname));
      if (!near || url.href.startsWith(base + "/recaptcha/")) return;
      return endpoints.find(({ path }) => matches(path, url.pathname))?.action;
    },

    token(action, signal) {
      return new Promise((resolve) => {
        const release = () => {
          waiting.delete(release);
          signal?.removeEventListener("abort", release);
          resolve(null);
        };
        waiting.add(release);
        if (signal?.aborted) release();
        signal?.addEventListener("abort", release);
        // Not by then(): what throws at once is a failure like any other.
        (async () => resolve(await execute(action)))().catch(() => {}).then(release);
      });
    },
  };
}
