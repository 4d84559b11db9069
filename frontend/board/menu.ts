import { sharedMenu } from "../frame/anchor";
import type { Board } from "./board";
import { openDrawer } from "./drawer";
import { deleteCards, duplicate } from "./deeds";
import { openMove } from "./move";

/** One menu for all cards: it opens beside the card whose button was pressed. */
export function startMenu(board: Board, signal: AbortSignal): void {
  const menu = document.querySelector<HTMLElement>("#card-menu");
  if (!menu) return;
  const button = sharedMenu(menu, board.element, "[data-card-more]", signal);
  menu.addEventListener(
    "click",
    (event) => {
      const item = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-card-do]") : null;
      const card = button()?.closest<HTMLElement>("[data-card]");
      if (!item || !card) return;
      menu.hidePopover();
      const verb = item.dataset["cardDo"];
      const cards = board.selection.groupOf(card);
      if (verb === "edit") void openDrawer(board, card);
      else if (verb === "library" || verb === "comments") void openDrawer(board, card, verb);
      else if (verb === "move") openMove(board, cards);
      else if (verb === "duplicate") duplicate(board, cards);
      else if (verb === "select") board.selection.toggle(card);
      else if (verb === "delete") deleteCards(board, cards);
    },
    { signal },
  );
}
