// On a narrow window the map shows one stage at a time.
import { all } from "../shared/dom";

export const NARROW = "(max-width: 45rem)";
const SWIPE = 60;

export const stageShown = (board: HTMLElement): number => Number(board.dataset["at"] ?? 1);

export function showStage(board: HTMLElement, number: number): void {
  const last = Number(board.dataset["stages"] ?? 1);
  const at = Math.max(1, Math.min(number, last));
  board.dataset["at"] = String(at);
  for (const button of all<HTMLElement>("[data-show-stage]")) {
    const here = Number(button.dataset["showStage"]) === at;
    button.setAttribute("aria-pressed", String(here));
    if (here) button.scrollIntoView({ block: "nearest", inline: "center" });
  }
}

export function startStages(board: HTMLElement, signal: AbortSignal): void {
  document.addEventListener(
    "click",
    (event) => {
      const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-show-stage]") : null;
      if (button) showStage(board, Number(button.dataset["showStage"]));
    },
    { signal },
  );
  let start: Touch | undefined;
  board.addEventListener("touchstart", (event) => (start = turns(event) ? event.touches[0] : undefined), { passive: true, signal });
  board.addEventListener(
    "touchend",
    (event) => {
      const end = event.changedTouches[0];
      if (!start || !end || "dragging" in board.dataset || !matchMedia(NARROW).matches) return;
      const [x, y] = [end.clientX - start.clientX, end.clientY - start.clientY];
      if (Math.abs(x) > SWIPE && Math.abs(x) > 2 * Math.abs(y)) showStage(board, stageShown(board) + (x < 0 ? 1 : -1));
    },
    { passive: true, signal },
  );
}

/** A finger on a point of the curve moves that alone. */
const turns = (event: TouchEvent): boolean => !(event.target instanceof Element && event.target.closest("[data-point]"));
