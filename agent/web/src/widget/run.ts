import type { Client } from "../client.ts";
import { BROWSER_ERROR_TOKEN } from "../fallback.ts";
import type { Field } from "./field.ts";
import { callPage, type Settings } from "./settings.ts";
import type { View, Widget } from "./widget.ts";

/** What a widget is at. */
export type State = "idle" | "working" | "passed" | "expired" | "error";

/** A widget's way to a token, whatever it looks like. */
export interface Run extends View {
  readonly state: State;
}

/**
 * @param changed hears of every new state
 * @param visible whether the visitor sees the state and can try again
 */
export function createRun(
  widget: Widget,
  client: Client,
  settings: Settings,
  field: Field,
  changed: (state: State) => void = () => {},
  visible = false,
): Run {
  /** Counts the resets: what was asked for before the last one is of no use to the widget. */
  let resets = 0;
  let state: State = "idle";
  let timer: ReturnType<typeof setTimeout> | undefined;

  function become(next: State, response = ""): void {
    clearTimeout(timer);
    state = next;
    widget.response = field.value = response;
    changed(state);
  }

  function expire(): void {
    become("expired");
    callPage(widget, "expired-callback");
  }

  return {
    get state() {
      return state;
    },

    async execute(options) {
      const before = resets;
      become("working");
      let token: string;
      try {
        token = await client.execute((options && options.action) || settings.action, settings.hl);
      } catch (closed) {
        if (before === resets) become("idle");
        throw closed;
      }
      if (before !== resets) return token;
      if (token === BROWSER_ERROR_TOKEN && (callPage(widget, "error-callback") || visible)) {
        become("error");
        return token;
      }
      become("passed", token);
      timer = setTimeout(expire, TOKEN_MS);
      callPage(widget, "callback", token);
      return token;
    },

    reset() {
      resets++;
      become("idle");
    },
  };
}

/** How long a token is valid. */
const TOKEN_MS = 120_000;
