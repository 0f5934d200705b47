import type { ExecuteOptions } from "../grecaptcha.ts";

/** One rendered widget, as the script made it before anything of it can be seen. */
export interface Widget {
  readonly id: number;
  /** The element it was rendered into; null where `render` was given parameters alone. */
  readonly box: HTMLElement | null;
  /** A parameter of `render`, or the element's `data-` attribute where that counts too. The page may say anything. */
  option(name: string): unknown;
  /** The token, while there is one that has not expired; else empty. */
  response: string;
  /** What shows it. */
  view: Promise<View>;
  /** What was put into the page for it. */
  host?: Element;
}

/** What the script asks of a widget that is there to be seen. */
export interface View {
  /** Calls the widget's `callback` with the token, then resolves to it. */
  execute(options?: ExecuteOptions): Promise<string>;
  /** Back to the start; a token under way is dropped. */
  reset(): void;
}
