import { messages } from "./catalogue.ts";
import { create } from "./elements.ts";
import { directionOf } from "./language.ts";
import type { Question } from "./question.ts";

/** One question, as it is shown. */
export interface Form {
  element: HTMLElement;
  /** Moves the focus to the question, so that it is read out. */
  begin(): void;
  /** Whether an answer is on its way. */
  busy(is: boolean): void;
}

export interface Deeds {
  send(answer: { picked: number[] } | { skip: true }): void;
  cancel(): void;
}

/**
 * Buttons with words, which say all there is to know; pictures only repeat them. Where one option is right, pressing it is
 * the answer; where several are, they are chosen first.
 */
export function createForm(asked: Question, { send, cancel }: Deeds): Form {
  const { question, options, pick, round, rounds, dir } = asked;
  const { lang: spoken, say } = messages(asked.lang || "");
  const lang = asked.lang || spoken;
  const single = !(pick > 1);

  const heading = create("h2", { id: "question", tabindex: "-1" }, question);
  const action = create("button", { type: "button", class: "send" }, say.send);
  const choices = options.map(({ text, picture }, at) => {
    const choice = create("button", { type: "button", class: "choice" });
    if (picture) choice.append(create("span", { class: "picture", "aria-hidden": "true" }, picture));
    choice.append(create("span", {}, text));
    if (!single) choice.setAttribute("aria-pressed", "false");
    choice.addEventListener("click", () => {
      if (single) answer([at]);
      else choice.setAttribute("aria-pressed", String(!isPressed(choice)));
    });
    return choice;
  });
  const another = create("button", { type: "button" }, say.another);
  const close = create("button", { type: "button" }, say.close);
  let waiting = false;

  function answer(picked: number[]): void {
    if (!waiting) send({ picked });
  }

  action.addEventListener("click", () => {
    const picked = choices.flatMap((choice, at) => (isPressed(choice) ? [at] : []));
    if (picked.length) answer(picked);
    else heading.focus();
  });
  another.addEventListener("click", () => {
    if (!waiting) send({ skip: true });
  });
  close.addEventListener("click", cancel);

  const count = say.round.replace("{n}", String(round)).replace("{m}", String(rounds));
  const element = create(
    "div",
    { class: "form", lang, dir: dir || directionOf(lang) },
    create("p", { id: "title", class: "title" }, rounds > 1 ? count : say.title),
    heading,
    create("div", { class: "choices", role: "group", "aria-labelledby": "question" }, ...choices),
    ...(single ? [] : [action]),
    create("div", { class: "foot" }, another, close),
  );

  return {
    element,

    begin() {
      heading.focus();
    },

    busy(is) {
      waiting = is;
      element.setAttribute("aria-busy", String(is));
    },
  };
}

function isPressed(choice: Element): boolean {
  return choice.getAttribute("aria-pressed") === "true";
}
