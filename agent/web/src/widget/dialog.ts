import type { Answer as Anew } from "../transport.ts";
import { type Answer, isQuestion, type Outcome, postAnswer } from "./answer.ts";
import { type Message, messages } from "./catalogue.ts";
import { DIALOG_CSS } from "./dialog.css.ts";
import { create, createHost } from "./elements.ts";
import { createForm } from "./form.ts";
import type { Question } from "./question.ts";

/**
 * Asks a visitor in a dialog above the page, until there is a token. Dialogs come one after the other.
 *
 * @param door where answers are posted
 * @param again asks the verifier anew
 * @throws when the visitor closes it
 */
export function askVisitor(question: Question, door: string, again: () => Promise<Anew>): Promise<string> {
  const asked = last.then(() => open(question, door, again));
  last = asked.catch(() => {});
  return asked;
}

/** The dialog before. */
let last: Promise<unknown> = Promise.resolve();

function open(first: Question, door: string, again: () => Promise<Anew>): Promise<string> {
  if (!isQuestion(first)) throw Error("touchstone: the verifier asked nothing that can be answered");
  const { host, root } = createHost(DIALOG_CSS, "display:block;position:fixed;top:0;left:0;z-index:2147483647");
  const dialog = create("dialog", { "aria-modal": "true", "aria-labelledby": "title" });
  // What happens in here is no click beside the page's own dialog, and no key for its shortcuts.
  for (const name of KEPT) host.addEventListener(name, (event) => event.stopPropagation());
  // There before it says anything, so that what it says is read out.
  const status = create("p", { role: "status" });
  root.append(dialog);
  const before = document.activeElement;

  return new Promise<string>((resolve, reject) => {
    let question = first;
    let since = performance.now();

    function leave(): void {
      dialog.onclose = null;
      if (dialog.close) dialog.close();
      host.remove();
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    }

    function cancel(): void {
      leave();
      reject(Error("touchstone: the visitor closed the question"));
    }

    async function send(answer: { picked: number[] } | { skip: true }): Promise<void> {
      form.busy(true);
      status.textContent = words().working;
      const { challenge } = question;
      const timed = "picked" in answer ? { ...answer, elapsedMs: Math.round(performance.now() - since) } : answer;
      try {
        const outcome = await follow(door, { challenge, ...timed }, again);
        if (!host.isConnected) return;
        if ("token" in outcome) {
          leave();
          resolve(outcome.token);
        } else put(outcome);
      } catch {
        form.busy(false);
        status.textContent = words().error;
      }
    }

    let form = createForm(question, { send, cancel });

    function words(): Record<Message, string> {
      return messages(question.lang || "").say;
    }

    function put(next: Question): void {
      question = next;
      form.element.remove();
      form = createForm(question, { send, cancel });
      dialog.append(form.element);
      status.lang = form.element.lang;
      status.dir = form.element.dir;
      status.textContent = question.retry ? words().retry : "";
      form.begin();
      since = performance.now();
    }

    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      cancel();
    });
    // However else it is closed: nobody is to wait for an answer that cannot come.
    dialog.onclose = cancel;
    dialog.append(status);
    document.body.append(host);
    if (dialog.showModal) dialog.showModal();
    else {
      // A browser of before 2022: no more than what it shows.
      dialog.setAttribute("open", "");
      dialog.addEventListener("keydown", ({ key }) => key === "Escape" && cancel());
    }
    put(question);
  });
}

/** What follows an answer. A question that the verifier no longer takes an answer to is asked anew: it was lost, or is over. */
async function follow(door: string, answer: Answer, again: () => Promise<Anew>): Promise<Outcome> {
  try {
    return await postAnswer(door, answer);
  } catch (status) {
    if (typeof status !== "number" || status >= 500) throw status;
    const { token, question } = await again();
    if (token) return { token };
    if (isQuestion(question)) return question;
    throw status;
  }
}

/** Events that would bubble to the page. */
const KEPT = ["click", "mousedown", "pointerdown", "touchstart", "focusin", "keydown", "keyup", "keypress"];
