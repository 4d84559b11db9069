// How large the map is drawn, in steps of 5 percent. At rest the layout itself has that size: text stays text, heads stay in sight.
import { need } from "../shared/dom";
import { goingTo, scaleTo, settle } from "./scaling";
import { NARROW } from "./stages";
import { announce, say } from "./words";

const STEP = 5;
const LEAST = 50;
const MOST = 150;
const YEAR = 365 * 24 * 3600;

export const zoomOf = (board: HTMLElement): number => goingTo(board) ?? Number(board.dataset["zoom"] ?? 100);

/** Keeps what lies under `at` (in the window; the middle without it) where it is. */
export function zoomTo(board: HTMLElement, percent: number, at?: { x: number; y: number }): void {
  const was = zoomOf(board);
  const now = Math.max(LEAST, Math.min(MOST, Math.round(percent / STEP) * STEP));
  if (now === was) return;
  scaleTo(board, was, now, at);
  for (const shown of document.querySelectorAll("[data-zoom-now]")) shown.textContent = String(now);
  document.cookie = `parcours_zoom=${now};path=${location.pathname};max-age=${YEAR};samesite=lax`;
}

export function zoomBy(board: HTMLElement, steps: number, at?: { x: number; y: number }): void {
  zoomTo(board, zoomOf(board) + steps * STEP, at);
}

/** As large as the whole map can be seen; at least its whole width when it is too tall. */
export function zoomToFit(board: HTMLElement): void {
  settle();
  const fits = (percent: number, tall: boolean): boolean => {
    board.dataset["zoom"] = String(percent);
    return board.scrollWidth <= board.clientWidth + 1 && (!tall || board.scrollHeight <= board.clientHeight + 1);
  };
  const was = zoomOf(board);
  const best = largest((percent) => fits(percent, true)) ?? largest((percent) => fits(percent, false)) ?? LEAST;
  board.dataset["zoom"] = String(was);
  zoomTo(board, best);
  settle();
  board.scrollTo(0, 0);
}

/** The largest step up to 100 percent for which `holds`, by halves. */
function largest(holds: (percent: number) => boolean): number | undefined {
  let [low, high] = [LEAST / STEP, 100 / STEP];
  if (!holds(low * STEP)) return undefined;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle * STEP)) low = middle;
    else high = middle - 1;
  }
  return low * STEP;
}

export function startZoom(board: HTMLElement, signal: AbortSignal): void {
  document.addEventListener(
    "click",
    (event) => {
      const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-zoom-to]") : null;
      if (!button) return;
      zoomAs(board, button.dataset["zoomTo"] ?? "");
      const menu = button.closest<HTMLElement>("[popover]");
      if (menu) menu.hidePopover();
    },
    { signal },
  );
  let turned = 0;
  board.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey || matchMedia(NARROW).matches) return;
      event.preventDefault();
      turned += event.deltaY;
      const steps = Math.trunc(turned / 30);
      if (!steps) return;
      turned -= steps * 30;
      zoomBy(board, -Math.sign(steps), { x: event.clientX, y: event.clientY });
    },
    { signal, passive: false },
  );
}

/** “+”, “-”, “fit” or percent. */
export function zoomAs(board: HTMLElement, how: string): void {
  if (how === "+") zoomBy(board, 2);
  else if (how === "-") zoomBy(board, -2);
  else if (how === "fit") zoomToFit(board);
  else zoomTo(board, Number(how));
  announce(say("zoomed", { n: zoomOf(board) }));
  need("[data-zoom-now]").textContent = String(zoomOf(board));
}
