/** What the verifier asks a visitor of whom it is in doubt. */
export interface Question {
  /** What the answer is posted with: only the verifier can read it. */
  challenge: string;
  /** One plain sentence, with everything that is needed to answer. */
  question: string;
  options: Option[];
  /** How many options are right. */
  pick: number;
  /** From 1. */
  round: number;
  rounds: number;
  expiresInMs: number;
  /** The language of question and options, as a BCP 47 tag, and how it is written. */
  lang: string;
  dir: "ltr" | "rtl";
  /** The last answer was wrong; this is another try. */
  retry?: boolean;
}

export interface Option {
  text: string;
  /** An emoji that repeats the text; not needed to answer. */
  picture?: string;
}
