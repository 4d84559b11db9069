// A card's picture in full size, over the page: arrows go to the next one, Escape leads back.
import { all, need } from "../shared/dom";
import type { Board } from "./board";
import { openerOf, titleOf } from "./cards";
import { announce } from "./words";

/** Pictures open by a click on them, or by “v” on their card. */
export function startLook(board: Board, signal: AbortSignal): void {
  const dialog = document.querySelector<HTMLDialogElement>("#card-look");
  if (!dialog) return;
  board.element.addEventListener(
    "click",
    (event) => {
      const link = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-look]") : null;
      const card = link?.closest<HTMLElement>("[data-card]");
      if (!card || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
      event.preventDefault();
      show(board, dialog, card);
    },
    { signal },
  );
  board.element.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "v" || event.ctrlKey || event.metaKey || event.altKey) return;
      const card = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-card]") : null;
      if (!card?.querySelector("[data-look]")) return;
      event.preventDefault();
      show(board, dialog, card);
    },
    { signal },
  );
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) go(board, dialog, step);
  }, { signal });
  dialog.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const step = event.target.closest<HTMLElement>("[data-look-step]");
    if (step) go(board, dialog, Number(step.dataset["lookStep"]));
    else if (event.target === dialog || event.target.matches("img")) dialog.close();
  }, { signal });
  dialog.addEventListener("close", () => {
    const card = board.card(dialog.dataset["card"] ?? "");
    if (card) openerOf(card)?.focus();
  }, { signal });
}

const pictured = (board: Board): HTMLElement[] =>
  all<HTMLElement>("[data-card]:has([data-look])", board.element).filter((card) => card.offsetParent !== null);

function go(board: Board, dialog: HTMLDialogElement, step: number): void {
  const cards = pictured(board);
  const at = cards.findIndex((card) => card.dataset["card"] === dialog.dataset["card"]);
  const next = cards[(at + step + cards.length) % cards.length];
  if (next) show(board, dialog, next);
}

function show(board: Board, dialog: HTMLDialogElement, card: HTMLElement): void {
  const small = need<HTMLImageElement>(".card-picture", card);
  const picture = need<HTMLImageElement>("img", dialog);
  dialog.dataset["card"] = card.dataset["card"] ?? "";
  picture.src = small.currentSrc || small.src;
  picture.alt = small.alt || titleOf(card);
  picture.width = Number(small.getAttribute("width"));
  picture.height = Number(small.getAttribute("height"));
  need("[data-look-title]", dialog).textContent = card.querySelector("[data-title]")?.textContent ?? "";
  need("[data-look-caption]", dialog).textContent = card.querySelector(".card-caption")?.textContent ?? "";
  const several = pictured(board).length > 1;
  for (const button of all<HTMLElement>("[data-look-step]", dialog)) button.hidden = !several;
  if (!dialog.open) {
    dialog.showModal();
    need<HTMLElement>("[data-dialog-close]", dialog).focus();
  } else announce(`${titleOf(card)}. ${picture.alt}`);
}
