// c: what was said about the card, cell or stage that has the focus. A card opens at its tab; elsewhere a page opens.
import { isTyping } from "../shared/dom";
import type { Board } from "./board";
import { openDrawer } from "./drawer";

export function startComments(board: Board, signal: AbortSignal): void {
  document.addEventListener("keydown", (event) => onKey(board, event), { signal });
}

function onKey(board: Board, event: KeyboardEvent): void {
  if (event.key !== "c" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]") || !(event.target instanceof Element)) return;
  const card = event.target.closest<HTMLElement>("journey-board [data-card]");
  const about = placeOf(event.target);
  if (!card && !about) return;
  event.preventDefault();
  if (card) void openDrawer(board, card, "comments");
  else location.assign(`/map/${board.element.dataset["journey"]}/comments/about/${about}/`);
}

function placeOf(focused: Element): string {
  const cell = focused.closest<HTMLElement>("journey-board [data-cell]");
  if (cell) return `cell:${cell.dataset["stage"]}:${cell.dataset["lane"]}`;
  const head = focused.closest<HTMLElement>("journey-board thead [data-axis=stage]");
  return head ? `stage:${head.dataset["id"]}` : "";
}
