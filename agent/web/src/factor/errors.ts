/** What went wrong with a second factor, in the names of reCAPTCHA's contract. */
export type ErrorName =
  | "2FA_ABORTED"
  | "2FA_ATTEMPTS_EXHAUSTED"
  | "2FA_CHALLENGE_EXPIRED"
  | "2FA_INVALID_PIN"
  | "2FA_INVALID_REQUEST_TOKEN"
  | "2FA_PIN_MISMATCH"
  | "2FA_UNKNOWN";

/** The contract's name of a result of the verifier's; it has none for whatever keeps a code from being sent. */
export function errorOf(result: string): ErrorName {
  return NAMED.includes(result) ? (`2FA_${result}` as ErrorName) : "2FA_UNKNOWN";
}

const NAMED = ["ATTEMPTS_EXHAUSTED", "CHALLENGE_EXPIRED", "INVALID_PIN", "INVALID_REQUEST_TOKEN", "PIN_MISMATCH"];
