// Keys that mean the whole map, wherever the focus is on its page.
import { isTyping, need } from "../shared/dom";
import type { Board } from "./board";
import type { Find } from "./find";
import { present } from "./present";
import { redo, undo } from "./undo";
import type { Unproved } from "./unproved";
import { makeWide, stageAt, toggleWide, wideStage } from "./wide";
import { zoomAs } from "./zoom";

export function startShortcuts(board: Board, find: Find, unproved: Unproved, signal: AbortSignal): void {
  document.addEventListener(
    "keydown",
    (event) => {
      if (isTyping(event.target) || document.querySelector("dialog[open]") || event.altKey) return;
      if (handled(board, find, unproved, event)) event.preventDefault();
    },
    { signal, capture: true },
  );
}

function handled(board: Board, find: Find, unproved: Unproved, event: KeyboardEvent): boolean {
  const { element } = board;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) {
    if (!board.mayEdit) return false;
    if (key === "y" || (key === "z" && event.shiftKey)) void redo(board);
    else if (key === "z") void undo(board);
    else return false;
    return true;
  }
  if (key === "/") find.open();
  else if (key === "?") need<HTMLDialogElement>("#board-keys").showModal();
  else if (key === "+" || key === "=") zoomAs(element, "+");
  else if (key === "-" || key === "−") zoomAs(element, "-");
  else if (key === "0") zoomAs(element, "100");
  else if (key === "p") present(element);
  else if (key === "f") toggleWide(element, stageAt(element));
  else if (key === "Escape") return escape(board, find, unproved);
  else return false;
  return true;
}

/** Ends what was begun last: a selection, a wide stage, a search, a look for what is unproved. Other things have their own Escape. */
function escape(board: Board, find: Find, unproved: Unproved): boolean {
  if (document.querySelector("[data-held], :popover-open:not(#toasts, .tip)")) return false;
  if (board.selection.clear()) return true;
  if (wideStage(board.element)) makeWide(board.element, "");
  else if (find.searching) find.close();
  else if (unproved.shown) unproved.show(false);
  else return false;
  return true;
}
