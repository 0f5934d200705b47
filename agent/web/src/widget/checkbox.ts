import type { Client } from "../client.ts";
import { type Message, messages } from "./catalogue.ts";
import { CHECKBOX_CSS } from "./checkbox.css.ts";
import { create, createHost } from "./elements.ts";
import { putField } from "./field.ts";
import { createRun, type State } from "./run.ts";
import type { Settings } from "./settings.ts";
import type { View, Widget } from "./widget.ts";

/** A box to tick. What is asked beyond that, if anything, comes in a dialog of its own. */
export function showCheckbox(widget: Widget, client: Client, settings: Settings): View {
  const { size, theme, tabindex, hl } = settings;
  const { lang, dir, say } = messages(hl);
  const { host, root } = createHost(
    CHECKBOX_CSS,
    size === "compact" ? "display:block;width:164px" : "display:block;width:304px;max-width:100%",
  );
  const status = create("span", { role: "status", id: "status" });
  const button = create(
    "button",
    { type: "button", role: "checkbox", tabindex: String(tabindex), "aria-describedby": "status" },
    create("span", { class: "tick" }),
    create("span", {}, say.label),
  );
  const frame = create(
    "div",
    { class: `frame ${size} ${theme}`, lang, dir },
    button,
    status,
    create("span", { class: "name", lang: "en" }, "Touchstone"),
  );
  root.append(frame);

  function changed(state: State): void {
    frame.dataset["state"] = state;
    button.setAttribute("aria-checked", String(state === "passed"));
    button.setAttribute("aria-busy", String(state === "working"));
    status.textContent = SAID[state] ? say[SAID[state]] : "";
  }

  const place = document.createElement("div");
  place.append(host);
  widget.box!.append(place);
  widget.host = place;
  const run = createRun(widget, client, settings, putField(widget, place), changed, true);
  changed("idle");
  button.addEventListener("click", () => {
    // A closed question leaves the box as it was.
    if (run.state !== "working" && run.state !== "passed") run.execute().catch(() => {});
  });
  return run;
}

const SAID: Partial<Record<State, Message>> = {
  working: "working",
  passed: "passed",
  expired: "expired",
  error: "error",
};
