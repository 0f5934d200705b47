import { type Guard, HEADER } from "./guard.ts";

/** What is known of a request that carries a token, from `open` to the moment when it is sent. */
interface Opened {
  action: string;
  /** The page got a token by itself. */
  hasToken: boolean;
  /** Gives up the wait for the token and sends it; only while it waits. */
  send?: (token: string | null) => void;
}

type Prototype = Pick<XMLHttpRequest, "open" | "send" | "abort" | "setRequestHeader">;

/** Adds tokens to what the page sends by `XMLHttpRequest`. A synchronous one cannot wait, and is left alone. */
export function interceptRequests(prototype: Prototype, guard: Guard): void {
  const { open, send, abort, setRequestHeader } = prototype;
  const known = new WeakMap<object, Opened>();

  prototype.open = function (this: XMLHttpRequest, ...given: unknown[]) {
    known.delete(this);
    (open as (...given: unknown[]) => void).apply(this, given);
    // An argument that is absent is not the same as one that is undefined: the former is asynchronous.
    if (given.length > 2 && !given[2]) return;
    const action = guard.actionOf(String(given[1]));
    if (action !== undefined) known.set(this, { action, hasToken: false });
  } as XMLHttpRequest["open"];

  prototype.setRequestHeader = function (this: XMLHttpRequest, name, value) {
    setRequestHeader.call(this, name, value);
    const opened = known.get(this);
    if (opened && String(name).toLowerCase() === HEADER.toLowerCase()) opened.hasToken = true;
  };

  prototype.send = function (this: XMLHttpRequest, body) {
    const opened = known.get(this);
    if (!opened || opened.hasToken) return send.call(this, body);
    if (opened.send) throw new DOMException("The request is being sent.", "InvalidStateError");
    const kept = copy(body);
    opened.send = (token) => {
      // Neither sent before, as by abort, nor opened anew.
      if (known.get(this) !== opened) return;
      known.delete(this);
      if (token) setRequestHeader.call(this, HEADER, token);
      send.call(this, kept);
    };
    guard.token(opened.action).then(opened.send);
  };

  prototype.abort = function (this: XMLHttpRequest) {
    // Sent and ended at once, so that the page hears the events that it waits for.
    known.get(this)?.send?.(null);
    abort.call(this);
  };
}

/** The body as it is now, where the page may change it while the token is got. */
function copy(body: XMLHttpRequestBodyInit | Document | null | undefined): XMLHttpRequestBodyInit | Document | null | undefined {
  if (body instanceof ArrayBuffer) return body.slice(0);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice() as Uint8Array<ArrayBuffer>;
  if (body instanceof URLSearchParams) return new URLSearchParams(body);
  if (!(body instanceof FormData)) return body;
  const form = new FormData();
  body.forEach((value, name) => form.append(name, value));
  return form;
}
