// Questions before the chat, the form of an absent team, and how it was.
import { el } from "./dom";
import type { Config } from "./host";
import { begun, keep } from "./kept";
import type { Words } from "./words";

type Answers = Record<string, string>;

/** What is asked before the chat; null when nothing is. */
export function before(config: Config, words: Words, answered: (answers: Answers) => Promise<void>): HTMLElement | null {
  const fields = (["name", "email", "topic"] as const).filter((name) => config.ask[name] !== "no");
  if (!fields.length) return null;
  const inputs = fields.map((name) => field(name, config, words, config.ask[name] === "required"));
  return form([el("p", { class: "hello" }, config.greeting), ...inputs], words.start, words, answered);
}

/** The address and the question, for when somebody is back. */
export function away(config: Config, words: Words, answered: (answers: Answers) => Promise<void>): HTMLElement {
  const text = el("textarea", { name: "text", rows: 4, required: true, maxlength: 10000 });
  text.value = begun();
  text.addEventListener("input", () => keep(text.value));
  return form(
    [
      el("p", { class: "hello" }, words.away(config.again)),
      el("p", { class: "note" }, words.leave),
      field("name", config, words, false),
      field("email", config, words, true),
      el("label", {}, words.write, text),
    ],
    words.send,
    words,
    (answers) => answered(answers).then(() => keep("")),
  );
}

/** Five choices and words; nothing is sent without a choice. */
export function rating(words: Words, answered: (score: number, said: string) => Promise<void>): HTMLElement {
  const scores = words.scores.map((label, index) =>
    el(
      "label",
      { title: label },
      el("input", { type: "radio", name: "score", value: index + 1, required: true, "aria-label": `${index + 1}: ${label}` }),
      String(index + 1),
    ),
  );
  const said = el("textarea", { rows: 2, "aria-label": words.why, placeholder: words.why, maxlength: 2000 });
  const ends = el("p", { class: "ends", "aria-hidden": "true" });
  ends.append(el("span", {}, words.scores[0] ?? ""), el("span", {}, words.scores[4] ?? ""));
  const group = el("fieldset", { class: "rate" }, el("legend", {}, words.how), el("div", { class: "scores" }, ...scores));
  group.append(ends, said, el("button", { class: "do", type: "submit" }, words.rate));
  const made = el("form", {}, group);
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = made.querySelector<HTMLInputElement>("input:checked");
    if (!chosen) return;
    void answered(Number(chosen.value), said.value).then(
      () => {
        made.replaceChildren(el("p", { class: "note", role: "status" }, words.thanks));
      },
      () => made.append(el("p", { class: "bad", role: "alert" }, words.failed)),
    );
  });
  return made;
}

function field(name: "name" | "email" | "topic", config: Config, words: Words, required: boolean): HTMLElement {
  const plain = { name, required };
  let input: HTMLElement;
  if (name === "topic" && config.topics.length) {
    const choices = config.topics.map((topic) => el("option", { value: topic }, topic));
    input = el("select", plain, el("option", { value: "" }), ...choices);
  } else {
    const type = name === "email" ? "email" : "text";
    input = el("input", { ...plain, type, maxlength: 254, autocomplete: name === "topic" ? "off" : name });
  }
  const optional = required ? null : el("span", { class: "o" }, ` ${words.optional}`);
  return el("label", {}, words[name], optional, input);
}

function form(
  parts: HTMLElement[],
  label: string,
  words: Words,
  answered: (answers: Answers) => Promise<void>,
): HTMLElement {
  const fault = el("p", { class: "bad", role: "alert" });
  const made = el("form", { class: "form" }, ...parts, fault, el("button", { class: "do", type: "submit" }, label));
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    const answers = Object.fromEntries([...new FormData(made)].map(([name, value]) => [name, String(value).trim()]));
    fault.textContent = "";
    answered(answers).catch((refusal: unknown) => {
      fault.textContent = (refusal instanceof Error && refusal.message) || words.failed;
    });
  });
  return made;
}
