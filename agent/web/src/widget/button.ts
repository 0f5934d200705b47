import type { Run } from "./run.ts";
import type { Widget } from "./widget.ts";

/**
 * Puts a token between a click and what the page does on it. A button without a callback submits its form, as it would
 * have done by itself.
 */
export function bindButton(button: HTMLButtonElement | HTMLInputElement, widget: Widget, run: Run): void {
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    if (run.state === "working") return;
    try {
      await run.execute();
      const { form, type } = button;
      if (widget.option("callback") || !form || type === "button") return;
      // Browsers of before 2022 lack the one that fires the form's own event.
      if (form.requestSubmit) form.requestSubmit(button);
      else form.submit();
    } catch {
      // The visitor closed the question, and may press again.
    }
  });
}
