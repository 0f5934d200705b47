import { type Guard, HEADER } from "./guard.ts";

/** Adds tokens to what the page sends by `fetch`. */
export function interceptFetch(page: Pick<Window & typeof globalThis, "fetch">, guard: Guard): void {
  const send = page.fetch;
  page.fetch = async function (input, init) {
    let request: Request;
    let action: string | undefined;
    try {
      action = guard.actionOf((input as Request).url || String(input));
      if (action === undefined) return send.call(page as Window, input, init);
      // As it is now, whatever the page makes of its parts while the token is got.
      request = new Request(input, init);
    } catch {
      // It says itself what is wrong.
      return send.call(page as Window, input, init);
    }
    // A request without CORS may carry no such header; and where the page got a token by itself, that one counts.
    if (request.mode !== "no-cors" && !request.headers.has(HEADER)) {
      const token = await guard.token(action, request.signal);
      if (token) request.headers.set(HEADER, token);
    }
    return send.call(page as Window, request);
  };
}
