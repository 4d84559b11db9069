// c: what was said about the card, cell, stage or touchpoint that has the focus. A card opens at its tab; elsewhere a page opens.
import { all, isTyping } from "../shared/dom";
import type { Board } from "./board";
import { findCell } from "./cards";
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
  else openAbout(board, about);
}

/** The page of what was said about a stage, a cell or a touchpoint. */
export function openAbout(board: Board, about: string): void {
  location.assign(`${board.mapUrl}comments/about/${about}/`);
}

/** Takes over how many comments each cell has; those of stages and touchpoints come with their numbers. */
export function takeCounts(board: Board, page: Document): void {
  for (const old of all("[data-cell] > [data-said-at]", board.element)) old.remove();
  for (const fresh of all<HTMLElement>("[data-cell] > [data-said-at]", page)) {
    const [, stage = "", lane = ""] = (fresh.dataset["saidAt"] ?? "").split(":");
    const cell = findCell(board.element, stage, lane);
    cell?.insertBefore(document.adoptNode(fresh), cell.querySelector("[data-proposals]"));
  }
}

function placeOf(focused: Element): string {
  const touchpoint = focused.closest<HTMLElement>("journey-board [data-touchpoint]");
  if (touchpoint) return `touchpoint:${touchpoint.dataset["touchpoint"]}`;
  const cell = focused.closest<HTMLElement>("journey-board [data-cell]");
  if (cell) return `cell:${cell.dataset["stage"]}:${cell.dataset["lane"]}`;
  const head = focused.closest<HTMLElement>("journey-board thead [data-axis=stage]");
  return head ? `stage:${head.dataset["id"]}` : "";
}
