// The buttons and keys that format a card's text: they write the few marks that the text understands.
import { need } from "../shared/dom";

type Format = "bold" | "italic" | "link" | "list";

const KEYS: Record<string, Format> = { b: "bold", i: "italic", k: "link" };
const AROUND = { bold: "**", italic: "*" };
const ADDRESS = "https://";

export function startRich(form: HTMLElement): void {
  const box = form.querySelector<HTMLElement>("[data-rich]");
  if (!box) return;
  const field = need<HTMLTextAreaElement>("textarea", box);
  box.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-format]") : null;
    if (button) apply(field, button.dataset["format"] as Format);
  });
  field.addEventListener("keydown", (event) => {
    const format = KEYS[event.key.toLowerCase()];
    if (!format || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    apply(field, format);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.shiftKey) goOn(field, event);
  });
}

function apply(field: HTMLTextAreaElement, format: Format): void {
  field.focus();
  if (format === "list") list(field);
  else if (format === "link") link(field);
  else wrap(field, AROUND[format]);
}

/** Typed as if by hand, so that the browser's own undo takes it back. */
function type(field: HTMLTextAreaElement, words: string, from: number, to: number): void {
  field.setSelectionRange(from, to);
  if (!document.execCommand("insertText", false, words)) {
    field.setRangeText(words, from, to, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** Around the selection, or off again. */
function wrap(field: HTMLTextAreaElement, mark: string): void {
  const { selectionStart: from, selectionEnd: to, value } = field;
  const n = mark.length;
  const chosen = value.slice(from, to);
  const stars = /\**$/.exec(value.slice(0, from))?.[0].length ?? 0;
  const inside = stars === n || stars === 3;
  if (inside && value.slice(to, to + n) === mark) {
    type(field, chosen, from - n, to + n);
    field.setSelectionRange(from - n, to - n);
  } else {
    type(field, `${mark}${chosen}${mark}`, from, to);
    field.setSelectionRange(from + n, to + n);
  }
}

/** The selected words become the link's; its address is selected to be typed over. A selected address is kept. */
function link(field: HTMLTextAreaElement): void {
  const { selectionStart: from, selectionEnd: to, value } = field;
  const chosen = value.slice(from, to);
  if (/^(https?:\/\/|mailto:)\S+$/.test(chosen)) {
    type(field, `[](${chosen})`, from, to);
    field.setSelectionRange(from + 1, from + 1);
    return;
  }
  type(field, `[${chosen}](${ADDRESS})`, from, to);
  const at = from + chosen.length + 3;
  if (chosen) field.setSelectionRange(at, at + ADDRESS.length);
  else field.setSelectionRange(from + 1, from + 1);
}

/** Every line of the selection becomes an item, or a line again. */
function list(field: HTMLTextAreaElement): void {
  const { selectionStart, selectionEnd, value } = field;
  const from = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const end = value.indexOf("\n", selectionEnd);
  const to = end < 0 ? value.length : end;
  const lines = value.slice(from, to).split("\n");
  const off = lines.every((line) => line.startsWith("- "));
  const words = lines.map((line) => (off ? line.slice(2) : `- ${line}`)).join("\n");
  type(field, words, from, to);
  const at = from + words.length;
  field.setSelectionRange(lines.length > 1 ? from : at, at);
}

/** Enter in a list begins the next item; on an empty one it ends the list. */
function goOn(field: HTMLTextAreaElement, event: KeyboardEvent): void {
  const { selectionStart: at, selectionEnd, value } = field;
  if (at !== selectionEnd || event.isComposing) return;
  const from = value.lastIndexOf("\n", at - 1) + 1;
  const [, mark, number, words] = /^(?:(-) |(\d{1,3})\. )(.*)$/.exec(value.slice(from, at)) ?? [];
  if (mark === undefined && number === undefined) return;
  event.preventDefault();
  if (!words) type(field, "", from, at);
  else type(field, mark ? "\n- " : `\n${Number(number) + 1}. `, at, at);
}
