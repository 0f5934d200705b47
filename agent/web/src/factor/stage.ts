import { create, createHost } from "../widget/elements.ts";
import { FACTOR_CSS } from "./factor.css.ts";
import type { Form } from "./form.ts";

/** Where a form is shown. */
export interface Stage {
  /** Takes it away, and gives the focus back where it was inside. */
  remove(): void;
}

/** @param closed hears when the form was closed by other means than its own button */
export type Show = (form: Form, closed: () => void) => Stage;

/** In a dialog above the page, which the focus cannot leave. */
export const showOver: Show = ({ element }, closed) => {
  const { host, root } = createHost(FACTOR_CSS, "display:block;position:fixed;top:0;left:0;z-index:2147483647");
  const dialog = create("dialog", { "aria-modal": "true", "aria-labelledby": "title" }, element);
  keepEvents(host);
  root.append(dialog);
  const before = document.activeElement;
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    closed();
  });
  // However else it is closed: nobody is to wait for a code that cannot be entered.
  dialog.onclose = closed;
  document.body.append(host);
  if (dialog.showModal) dialog.showModal();
  else {
    // A browser of before 2022: no more than what it shows.
    dialog.setAttribute("open", "");
    dialog.addEventListener("keydown", ({ key }) => key === "Escape" && closed());
  }
  return {
    remove() {
      dialog.onclose = null;
      if (dialog.close) dialog.close();
      host.remove();
      giveBack(before);
    },
  };
};

/** In an element of the page, in whose flow it takes part. */
export function showInside(container: HTMLElement): Show {
  return ({ element }, closed) => {
    shown.get(container)?.();
    shown.set(container, closed);
    const { host, root } = createHost(FACTOR_CSS, "display:block;max-width:100%");
    // A page in light colours alone keeps them, whatever the visitor's system prefers.
    const scheme = getComputedStyle(container).colorScheme || "";
    const card = create("div", { class: scheme.includes("dark") ? "card" : "card light", role: "group", "aria-labelledby": "title" }, element);
    keepEvents(host);
    root.append(card);
    const before = document.activeElement;
    container.append(host);
    return {
      remove() {
        if (shown.get(container) === closed) shown.delete(container);
        const inside = document.activeElement === host;
        host.remove();
        if (inside) giveBack(before);
      },
    };
  };
}

/** What closes the form that an element holds. */
const shown = new WeakMap<HTMLElement, () => void>();

function giveBack(before: Element | null): void {
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
}

/** What is typed in here is no key for the page's shortcuts, and no click beside its own dialog. */
function keepEvents(host: HTMLElement): void {
  for (const name of KEPT) host.addEventListener(name, (event) => event.stopPropagation());
}

const KEPT = ["click", "mousedown", "pointerdown", "touchstart", "focusin", "keydown", "keyup", "keypress", "input", "paste"];
