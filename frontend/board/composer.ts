import { fromHtml, need } from "../shared/dom";
import type { Board } from "./board";
import type { Fields } from "./history";
import { openLibrary } from "./library";

/** Opens a small form in the cell. Enter adds and stays for the next card, Escape or “Done” closes it.
 * `fields` are what each new card has beside its words; `hint` says what to write, else the row gives an example.
 */
export function openComposer(board: Board, cell: HTMLElement, fields: Fields = [], hint = ""): void {
  const there = cell.querySelector<HTMLElement>("[data-composer] textarea");
  if (there) {
    there.focus();
    return;
  }
  const form = fromHtml<HTMLFormElement>(need<HTMLTemplateElement>("#composer").innerHTML);
  const words = need<HTMLTextAreaElement>("textarea", form);
  words.placeholder = hint || (cell.closest<HTMLElement>("[data-lane-row]")?.dataset["example"] ?? "");
  const close = (): void => {
    form.remove();
    cell.querySelector<HTMLElement>("[data-add]")?.focus();
  };
  const add = (): void => {
    const title = words.value.replace(/\s+/g, " ").trim();
    if (!title) return;
    board.create(cell, title, fields);
    words.value = "";
    words.focus();
    form.scrollIntoView({ block: "nearest" });
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    add();
  });
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      add();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
  });
  form.addEventListener("focusout", (event) => {
    if (!words.value.trim() && event.relatedTarget instanceof Node && !form.contains(event.relatedTarget)) form.remove();
  });
  form.querySelector("[data-composer-library]")?.addEventListener("click", () => {
    close();
    void openLibrary(board, cell);
  });
  need("[data-composer-close]", form).addEventListener("click", () => (add(), close()));
  cell.append(form);
  words.focus();
  form.scrollIntoView({ block: "nearest" });
}
