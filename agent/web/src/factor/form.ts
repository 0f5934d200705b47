import type { Sent } from "../index.ts";
import type { Spoken } from "../widget/language.ts";
import { create } from "../widget/elements.ts";
import type { Message } from "./catalogue.ts";
import { digitsOf } from "./digits.ts";

/** What the visitor sees, whatever it stands in. */
export interface Form {
  element: HTMLElement;
  /** A request is under way. */
  busy(text: string): void;
  /** A code is on its way: shows the field. With `again`, one was before. */
  ask(sent: Extract<Sent, { result: "SENT" }>, again: boolean): void;
  /** Something is wrong, and the visitor may go on. With `wrong`, it is what was entered. */
  complain(text: string, wrong?: boolean): void;
  /** No code was sent; it can be tried again. */
  offer(text: string): void;
  /** Nothing is left but to read why. */
  end(text: string): void;
}

export interface Deeds {
  send(): void;
  /** @param pin digits alone */
  verify(pin: string): void;
  close(): void;
}

/** Every change is said in a live region; the focus follows what is to be done next. */
export function createForm({ lang, dir, say }: Spoken<Message>, { send, verify, close }: Deeds): Form {
  let waiting = false;
  let digits = 0;
  /** When the next code may be asked for, on the clock of `performance`. */
  let next = 0;

  const title = create("h2", { id: "title", tabindex: "-1" }, say.title);
  const sent = create("p", { id: "sent" });
  const status = create("p", { id: "status", role: "status" });
  const field = create("input", {
    ...{ id: "code", type: "text", inputmode: "numeric", autocomplete: "one-time-code", dir: "ltr" },
    ...{ autocapitalize: "off", spellcheck: "false", enterkeyhint: "go", "aria-describedby": "sent status" },
  });
  const go = create("button", { type: "button", class: "send" }, say.send);
  // No form: a page in a sandbox may not send any, and hears of none.
  const entry = create("div", { hidden: "" }, create("label", { for: "code" }, say.code), field, go);
  const again = create("button", { type: "button", hidden: "" }, say.again);
  const leave = create("button", { type: "button" }, say.close);

  go.addEventListener("click", () => {
    if (waiting) return;
    const pin = digitsOf(field.value);
    if (pin.length === digits) verify(pin);
    else complain(say.digits.replace("{n}", String(digits)), true);
  });
  field.addEventListener("keydown", ({ key, isComposing }) => {
    // With an input method, Enter first takes over what is being composed.
    if (key === "Enter" && !isComposing) go.click();
  });
  again.addEventListener("click", () => {
    if (waiting) return;
    const left = Math.ceil((next - performance.now()) / 1000);
    if (left > 0) settle(say.wait.replace("{n}", String(left)));
    else send();
  });
  leave.addEventListener("click", close);

  const element = create("div", { class: "form", lang, dir }, title, sent, status, entry, create("div", { class: "foot" }, again, leave));

  function settle(text: string): void {
    waiting = false;
    element.setAttribute("aria-busy", "false");
    status.textContent = text;
  }

  function invalid(is: boolean): void {
    field.setAttribute("aria-invalid", String(is));
    status.classList.toggle("bad", is);
  }

  function complain(text: string, wrong = false): void {
    // It ended while the request was under way.
    if (entry.hidden) return;
    settle(text);
    invalid(wrong);
    field.focus();
    field.select();
  }

  return {
    element,
    complain,

    busy(text) {
      waiting = true;
      element.setAttribute("aria-busy", "true");
      status.textContent = text;
      if (entry.hidden) title.focus();
    },

    ask({ hint, digits: count, resendInSeconds }, before) {
      digits = count;
      const [start, end] = say.sent.replace("{n}", String(count)).split("{to}");
      // An address keeps its own direction, in whatever language it stands.
      sent.replaceChildren(start!, create("bdi", {}, hint), end || "");
      entry.hidden = again.hidden = false;
      next = performance.now() + resendInSeconds * 1000;
      field.value = "";
      invalid(false);
      settle(before ? say.anew : "");
      field.focus();
    },

    offer(text) {
      settle(text);
      again.hidden = false;
      again.focus();
    },

    end(text) {
      entry.hidden = again.hidden = true;
      sent.textContent = "";
      settle("");
      title.textContent = text;
      title.focus();
    },
  };
}
