// “From the library”: a list to search by keyboard, whose cards are put into a cell.
import { all, fromHtml, need } from "../shared/dom";
import { Unreachable, send } from "../shared/net";
import { toast } from "../shared/toasts";
import type { Board } from "./board";
import { cardsIn, openerOf } from "./cards";
import { addCards } from "./deeds";
import { announce, say } from "./words";

export async function openLibrary(board: Board, cell: HTMLElement): Promise<void> {
  const dialog = need<HTMLDialogElement>("#library-picker");
  try {
    const answer = await send(`${board.mapUrl}library/?kind=${encodeURIComponent(cell.dataset["kind"] ?? "")}`);
    if (answer.status !== 200) {
      toast(say(answer.status === 401 ? "signedOut" : "unreachable"), { bad: true });
      return;
    }
    show(board, dialog, cell, fromHtml<HTMLFormElement>(answer.text));
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    toast(say("unreachable"), { bad: true });
  }
}

function show(board: Board, dialog: HTMLDialogElement, cell: HTMLElement, form: HTMLFormElement): void {
  dialog.replaceChildren(form);
  dialog.showModal();
  const words = form.querySelector<HTMLInputElement>("[data-library-words]");
  if (!words) return;
  const options = all<HTMLElement>("[data-entry]", form);
  const shown = (): HTMLElement[] => options.filter((option) => !option.hidden);
  const chosen = (): HTMLElement | undefined => options.find((option) => option.getAttribute("aria-selected") === "true");
  const choose = (option: HTMLElement | undefined): void => {
    for (const other of options) other.setAttribute("aria-selected", String(other === option));
    if (option) words.setAttribute("aria-activedescendant", option.id);
    else words.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  };
  const filter = (): void => {
    const wanted = folded(words.value).split(/\s+/).filter(Boolean);
    for (const option of options) {
      const text = folded(option.textContent ?? "");
      option.hidden = !wanted.every((word) => text.includes(word));
    }
    for (const group of all<HTMLElement>("[role=group]", form)) group.hidden = !group.querySelector("[data-entry]:not([hidden])");
    need<HTMLElement>("[data-library-none]", form).hidden = shown().length > 0;
    choose(shown()[0]);
  };
  words.addEventListener("input", filter);
  words.addEventListener("keydown", (event) => {
    const list = shown();
    const at = list.indexOf(chosen() as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (to === undefined || !list.length) return;
    event.preventDefault();
    choose(list[(to + list.length) % list.length]);
  });
  form.addEventListener("click", (event) => {
    const option = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-entry]") : null;
    if (option) choose(option);
  });
  form.addEventListener("dblclick", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-entry]")) form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const option = chosen();
    if (!option) return;
    dialog.close();
    insert(board, cell, option);
  });
  choose(options[0]);
  words.focus();
}

/** Put behind the cell's last card, and undone like any other. */
function insert(board: Board, cell: HTMLElement, option: HTMLElement): void {
  const title = option.dataset["title"] ?? "";
  const [card] = addCards(board, cell, [
    { title, url: `${board.mapUrl}library/insert/`, fields: [["entry", option.dataset["entry"] ?? ""]] },
  ], "Add", cardsIn(cell).at(-1));
  if (card) openerOf(card)?.focus();
  announce(say("added", { title, ...board.names(cell) }));
}

const folded = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
