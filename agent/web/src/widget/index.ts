import { showBadge } from "../badge.ts";
import type { Client } from "../client.ts";
import { bindButton } from "./button.ts";
import { showCheckbox } from "./checkbox.ts";
import { putField } from "./field.ts";
import { createRun } from "./run.ts";
import { isButton, readSettings } from "./settings.ts";
import type { View, Widget } from "./widget.ts";

// All that a visitor sees: a file of its own, which a page loads when it renders a widget or a question is asked.

/**
 * Shows a widget: a checkbox, or nothing but the badge where it is invisible or bound to a button.
 *
 * @param hl the page's language, for a widget that names none
 */
export function show(widget: Widget, client: Client, hl: string): View {
  const settings = readSettings(widget, hl);
  const { box } = widget;
  client.start();
  if (box && !isButton(box) && settings.size !== "invisible") return showCheckbox(widget, client, settings);
  const host = document.createElement("div");
  widget.host = host;
  if (box && isButton(box)) box.after(host);
  else (box || document.body).append(host);
  // All that is in it is hidden, but it would still be an item of the page's layout.
  if (settings.badge !== "inline") host.style.display = "none";
  showBadge(settings.badge, settings.badge === "inline" ? host : document.body);
  const run = createRun(widget, client, settings, putField(widget, host));
  if (box && isButton(box)) bindButton(box, widget, run);
  return run;
}

export { askVisitor as ask } from "./dialog.ts";
