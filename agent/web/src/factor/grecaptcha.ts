import type { Checked, Sent } from "../index.ts";
import { type ErrorName, errorOf } from "./errors.ts";
import { prompt } from "./prompt.ts";
import { send, type Site, verify } from "./service.ts";

/** What the methods of a verification handle resolve to; they do not reject. */
export interface Response {
  /** Whether the code was sent, or was the right one. */
  isSuccess(): boolean;
  /** For the backend's second assessment; empty where that has nothing to learn. */
  getVerdictToken(): string;
  /** Null for a success. */
  getError(): ErrorName | null;
}

/** The parameters of `challengeAccount`. */
export interface Challenge {
  "account-token": string;
  container?: unknown;
}

/**
 * The three calls of reCAPTCHA's contract, for a page's verifier at `base`, its site key and its language.
 *
 * @param asked the parameters of `challengeAccount`, which shows the form; or the request token of a handle
 * @param pin what a handle is to verify; without it, one has a code sent
 */
export async function answer(
  base: string,
  key: string,
  hl: string,
  client: Site["client"],
  asked: Challenge | string,
  pin?: string,
): Promise<string | Response> {
  const site = { base, key, hl, client };
  if (typeof asked === "object") return prompt(site, asked["account-token"], asked.container);
  return respond(await (pin === undefined ? send(site, asked) : verify(site, asked, pin)));
}

function respond(said: Sent | Checked): Response {
  const { result } = said;
  const success = result === "SENT" || result === "VERIFIED";
  return {
    isSuccess: () => success,
    getVerdictToken: () => ("verdictToken" in said && said.verdictToken) || "",
    getError: () => (success ? null : errorOf(result)),
  };
}
