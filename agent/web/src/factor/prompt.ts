import type { Sent } from "../index.ts";
import { type Message, words } from "./catalogue.ts";
import { type ErrorName, errorOf } from "./errors.ts";
import { createForm } from "./form.ts";
import { send, type Site, verify } from "./service.ts";
import { showInside, showOver, type Show } from "./stage.ts";

/**
 * Sends the visitor a code and asks for it, in a dialog above the page or inside an element of it. Dialogs come one after
 * the other; a second form in the same element takes the place of the first, which is thereby closed.
 *
 * @param container the element, or its id; a dialog where there is none such
 * @returns the verdict token: what it says of the visitor, the backend learns by an assessment of it
 * @throws Refused where there is no verdict
 */
export function prompt(site: Site, requestToken: string, container?: unknown): Promise<string> {
  const element = typeof container === "string" ? document.getElementById(container) : container;
  if (element instanceof HTMLElement) return ask(site, requestToken, showInside(element));
  if (container) console.error("touchstone: challengeAccount finds no element", container);
  const asked = last.then(() => ask(site, requestToken, showOver));
  last = asked.catch(() => {});
  return asked;
}

/** Why there is no verdict: `2FA_ABORTED` where the visitor closed the form. */
export interface Refused extends Error {
  code: ErrorName;
}

/** The dialog before. */
let last: Promise<unknown> = Promise.resolve();

function ask(site: Site, requestToken: string, show: Show): Promise<string> {
  const spoken = words(site.hl);
  const { say } = spoken;

  return new Promise<string>((resolve, reject) => {
    /** What the page is told once the form is closed. */
    let verdict: string | undefined;
    let code: ErrorName = "2FA_ABORTED";
    let expiry: ReturnType<typeof setTimeout> | undefined;
    let open = true;
    let sent = false;

    function close(): void {
      if (!open) return;
      open = false;
      clearTimeout(expiry);
      stage.remove();
      if (verdict) resolve(verdict);
      else reject(Object.assign(Error(`touchstone: no second factor: ${code}`), { code }));
    }

    /** The visitor reads why, and closes; the page hears of it then. */
    function end(said: Outcome, why: Message): void {
      clearTimeout(expiry);
      keep(said);
      form.end(say[why]);
    }

    function keep({ result, verdictToken }: Outcome): void {
      verdict = verdictToken;
      code = errorOf(result);
    }

    async function begin(): Promise<void> {
      form.busy(say.moment);
      const said = await send(site, requestToken);
      if (!open) return;
      if (said.result === "SENT") return enter(said);
      const { result } = said;
      if (ENDS[result]) end(said, ENDS[result]);
      // What was sent before may still arrive, and be entered.
      else if (sent) form.complain(say[PASSING[result] || "unavailable"]);
      else if (result === "BYPASSED") {
        keep(said);
        close();
      } else if (PASSING[result]) {
        keep(said);
        form.offer(say[PASSING[result]]);
      } else end(said, "unavailable");
    }

    function enter(said: Extract<Sent, { result: "SENT" }>): void {
      verdict = undefined;
      code = "2FA_ABORTED";
      clearTimeout(expiry);
      expiry = setTimeout(() => end({ result: "CHALLENGE_EXPIRED" }, "over"), said.expiresInSeconds * 1000);
      form.ask(said, sent);
      sent = true;
    }

    async function check(pin: string): Promise<void> {
      form.busy(say.moment);
      const said = await verify(site, requestToken, pin);
      if (!open) return;
      if ("attemptsLeft" in said) {
        return form.complain(say.mismatch.replace("{n}", String(said.attemptsLeft)), true);
      }
      const { result } = said;
      if (result === "VERIFIED") {
        keep(said);
        close();
      } else if (ENDS[result]) end(said, ENDS[result]);
      else form.complain(say[PASSING[result] || "failed"]);
    }

    const form = createForm(spoken, { send: begin, verify: check, close });
    const stage = show(form, close);
    begin();
  });
}

interface Outcome {
  result: string;
  verdictToken?: string;
}

/** Results after which nothing can be entered any more, and what the visitor is told. */
const ENDS: Record<string, Message> = {
  ATTEMPTS_EXHAUSTED: "exhausted",
  CHALLENGE_EXPIRED: "over",
  INVALID_REQUEST_TOKEN: "over",
  RECIPIENT_NOT_ALLOWED: "refused",
};

/** What may go better the next time. */
const PASSING: Record<string, Message> = {
  INTERNAL: "failed",
  UNREACHABLE: "offline",
};
