import type { Widget } from "./widget.ts";

/** The field that carries the token into a form's post. */
export type Field = HTMLTextAreaElement | HTMLInputElement;

/** Puts the field beside what is shown. A form that has one keeps it alone: with two, its backend would get a list. */
export function putField({ id }: Widget, host: Element): Field {
  const form = host.closest("form");
  const present = form && form.querySelector<Field>(`[name=${NAME}]`);
  if (present) return present;
  const field = document.createElement("textarea");
  field.name = field.className = NAME;
  field.id = id ? `${NAME}-${id}` : NAME;
  field.style.display = "none";
  host.append(field);
  return field;
}

const NAME = "g-recaptcha-response";
