// What makes a new map live: the first card is one click away, ticks itself off, and the list can be hidden for good.
import { all } from "../shared/dom";
import type { Board } from "./board";
import { openComposer } from "./composer";

const YEARS = 5 * 365 * 24 * 3600;

export function startFirstSteps(board: Board, signal: AbortSignal): void {
  const list = document.getElementById("first-steps");
  if (!list) return;
  const before = cards(board);
  list.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-first-card]")) writeFirst(board);
    if (target?.closest("[data-first-steps-hide]")) hide(board, list);
  }, { signal });
  const watcher = new MutationObserver(() => {
    if (cards(board) <= before) return;
    list.querySelector<HTMLElement>('[data-first-step="card"]')?.setAttribute("data-done", "");
    list.querySelector(".first-steps-else")?.remove();
    watcher.disconnect();
  });
  watcher.observe(board.element, { childList: true, subtree: true });
  signal.addEventListener("abort", () => watcher.disconnect());
}

const cards = (board: Board): number => board.element.querySelectorAll("[data-card]").length;

/** In the first cell that can be seen and is empty, else in the first. */
function writeFirst(board: Board): void {
  const cells = all<HTMLElement>("[data-cell]:has([data-add])", board.element).filter((cell) => cell.offsetParent !== null);
  const cell = cells.find((each) => !each.querySelector("[data-card]")) ?? cells[0];
  if (cell) openComposer(board, cell);
}

function hide(board: Board, list: HTMLElement): void {
  document.cookie = `parcours_first_steps=hidden;path=/;max-age=${YEARS};samesite=lax`;
  list.remove();
  board.element.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
}
