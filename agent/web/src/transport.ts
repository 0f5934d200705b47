/** What the verifier said, parsed once; everything after this file believes it. One of these is there. */
export interface Answer {
  token?: string;
  challenge?: Uint8Array;
  question?: Question;
  /** An HTTP status other than 200, or 200 with a body that is none of the above. */
  refused?: number;
}

/** What a visitor is asked before there is a token; the file that asks it looks inside. */
export type Question = import("./widget/question.ts").Question;

/** Nobody waits longer than this for a request, nor for a token in all: milliseconds. */
export const LIMIT_MS = 5_000;

/** Waits for `work`, but no longer than `limit` milliseconds; then rejects with `late`. */
export function within<T>(limit: number, work: Promise<T>, late?: unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late), limit);
    work.then(resolve, reject).then(() => clearTimeout(timer));
  });
}

/**
 * Posts `body` and reads the answer, within {@link LIMIT_MS} in all.
 *
 * Sent once more when the network fails or the server answers 5xx: a stale connection or a replica that is being
 * replaced. That is safe, because the same envelope posted twice gives the same token.
 *
 * No header of our own: a content type would cost every cross-origin page a preflight request.
 *
 * @throws when the network failed twice or the limit passed
 */
export async function post(url: string, body: Uint8Array): Promise<Answer> {
  const abort = new AbortController();
  const limit = setTimeout(() => abort.abort(), LIMIT_MS);
  const once = async (): Promise<Answer> => {
    const response = await fetch(url, {
      method: "POST",
      // The cast narrows only the type of buffer: nothing here makes a shared one.
      body: body as Uint8Array<ArrayBuffer>,
      credentials: "omit",
      cache: "no-store",
      signal: abort.signal,
    });
    return read(response);
  };
  try {
    const first = await once().catch((fault: unknown) => {
      if (abort.signal.aborted) throw fault;
    });
    if (first && !(first.refused! >= 500)) return first;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    return await once();
  } finally {
    clearTimeout(limit);
  }
}

async function read(response: Response): Promise<Answer> {
  const type = response.headers.get("content-type") || "";
  if (response.status === 200) {
    if (type.startsWith("application/octet-stream")) {
      return { challenge: new Uint8Array(await response.arrayBuffer()) };
    }
    if (type.startsWith("application/json")) return { question: await response.json() };
    if (type.startsWith("text/plain")) {
      const token = (await response.text()).trim();
      if (TOKEN.test(token)) return { token };
    }
  }
  return { refused: response.status };
}

const RETRY_MS = 200;
const TOKEN = /^[\w-]{100,2000}$/;
