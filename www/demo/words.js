/** What the API's names mean, in words for a reader who has not seen them before. */

/** Reasons beside a score. */
export const REASONS = {
  AUTOMATION: "The visit behaves like a program, or carries the marks of one.",
  UNEXPECTED_ENVIRONMENT: "The browser is not what it says it is, or not one that people use.",
  TOO_MUCH_TRAFFIC: "More requests than usual come from the same source.",
  UNEXPECTED_USAGE_PATTERNS: "The page was used in a way people seldom use it.",
  LOW_CONFIDENCE_SCORE: "There was too little to judge from. The score is careful, not an accusation.",
};

/** Why a token is not valid. */
export const INVALID_REASONS = {
  UNKNOWN_INVALID_REASON: "The token is not valid, for a reason that has no name.",
  MALFORMED: "The token cannot be opened: it was changed, cut short, or never issued.",
  EXPIRED: "The token is more than two minutes old.",
  DUPE: "The token has been used already. A token is good for one use.",
  MISSING: "There was no token.",
  BROWSER_ERROR: "The browser could not reach the verifier to get a token.",
  UNEXPECTED_ACTION: "The token was made for another action.",
  KEY_MISMATCH: "The token was made for another site key.",
  DOMAIN_MISMATCH: "The token was made on a domain that this site key does not allow.",
};

/** What the site does with the score: title shown to assistive technology, sentence, tone of the display. */
export const DECISIONS = {
  welcome: { note: "The site signs you in and asks nothing more.", tone: "good" },
  "step-up": { note: "The site asks for something more before it signs you in, such as a code by mail.", tone: "unsure" },
  refused: { note: "The site does not sign this visit in.", tone: "bad" },
};

/** How far a piece of evidence may go. */
export const TIERS = {
  A: "Practically never seen with people: may alone bring the score to 0.1 or below.",
  B: "Strong: it takes two with different causes to go below 0.5.",
  C: "Context: supports other findings, and is limited in sum.",
  M: "Behaviour model: with enough movement or typing, may alone bring the score to 0.3.",
};
