import type { Question } from "./question.ts";

/** What follows an answer. */
export type Outcome = { token: string } | Question;

/**
 * Sends an answer, or the wish for another question. Not sent again by itself: a question is answered once.
 *
 * The body goes as plain text, since any other type would cost every cross-origin page a preflight request.
 *
 * @throws when nothing that can be used came back within 10 seconds
 */
export async function postAnswer(door: string, body: Answer): Promise<Outcome> {
  const abort = new AbortController();
  const limit = setTimeout(() => abort.abort(), LIMIT_MS);
  try {
    const response = await fetch(door, {
      method: "POST",
      body: JSON.stringify(body),
      credentials: "omit",
      signal: abort.signal,
    });
    const outcome = await response.json();
    if (response.ok && (TOKEN.test(outcome.token) || isQuestion(outcome))) return outcome;
    throw response.status;
  } finally {
    clearTimeout(limit);
  }
}

/** The answer as it is posted. */
export type Answer = { challenge: string } & ({ picked: number[]; elapsedMs: number } | { skip: true });

/** Whether there is something to show: the rest of a question has defaults. */
export function isQuestion(value: unknown): value is Question {
  const { challenge, question, options } = (value || {}) as Partial<Question>;
  return typeof challenge === "string" && typeof question === "string" && Array.isArray(options);
}

const LIMIT_MS = 10_000;
const TOKEN = /^[\w-]{100,2000}$/;
