// A page, a verifier and an agent, as much of them as the face touches.

export const TOKEN = "t".repeat(120);
export const CHALLENGE = Uint8Array.of(1, 2, 3);

export const token = (text = TOKEN) => new Response(text, { headers: { "content-type": "text/plain" } });
export const challenge = (bytes = CHALLENGE) =>
  new Response(bytes, { headers: { "content-type": "application/octet-stream" } });

/**
 * Replaces `fetch`. `answers` maps the door's name to a function of the request's bytes and of its number at that door,
 * from 1, which returns a response or throws as a broken network does.
 */
export function fakeVerifier(answers = {}) {
  const requests = [];
  const doors = { session: () => challenge(), token: () => token(), ...answers };
  globalThis.fetch = async (url, init) => {
    const door = /agent\/(\w+)\?/.exec(url)[1];
    const body = [...init.body];
    requests.push({ door, url, init, body });
    const number = requests.filter((request) => request.door === door).length;
    return doors[door](body, number);
  };
  requests.at_door = (door) => requests.filter((request) => request.door === door);
  return requests;
}

/** An agent whose session lives until the test says otherwise. It seals `action` as a 1, then its UTF-8. */
export function fakeAgent(overrides = {}) {
  return {
    left: 0,
    opened: [],
    open(bytes) {
      this.opened.push([...bytes]);
      this.left = 600_000;
      return 0;
    },
    sealed_session() {
      return Uint8Array.from(this.opened.at(-1) ?? []);
    },
    session_left() {
      return this.left;
    },
    seal(action) {
      return this.left > 0 ? Uint8Array.of(1, ...Buffer.from(action)) : new Uint8Array();
    },
    worker() {},
    fragment: () => new Uint8Array(),
    price: () => 0,
    found() {},
    measured() {},
    ...overrides,
  };
}

/** Globals of a page that the client touches. Returns a way to send it events. */
export function fakePage() {
  const page = new EventTarget();
  globalThis.document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  globalThis.addEventListener = page.addEventListener.bind(page);
  Object.defineProperty(globalThis, "navigator", { value: { userAgent: "", platform: "" }, configurable: true });
  globalThis.location = new URL("https://shop.example/cart");
  return page;
}

/** What was written to the console during a test. */
export function fakeConsole(test) {
  const lines = [];
  for (const level of ["warn", "error"]) test.mock.method(console, level, (text) => lines.push(`${level}: ${text}`));
  return lines;
}

export const utf8 = (bytes) => Buffer.from(bytes).toString();
