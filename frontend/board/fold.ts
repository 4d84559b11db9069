// Rows folded to a line. A cookie of this map remembers them, so that the page comes folded already.
import { all } from "../shared/dom";
import { announce, say } from "./words";

const YEAR = 365 * 24 * 3600;

export function startFolding(board: HTMLElement, signal: AbortSignal): void {
  board.addEventListener(
    "click",
    (event) => {
      const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-fold]") : null;
      const row = button?.closest<HTMLElement>("[data-lane-row]");
      if (row) fold(board, row, !("folded" in row.dataset));
    },
    { signal },
  );
}

export function fold(board: HTMLElement, row: HTMLElement, folded: boolean): void {
  if (folded) row.dataset["folded"] = "";
  else delete row.dataset["folded"];
  row.querySelector("[data-fold]")?.setAttribute("aria-expanded", String(!folded));
  const head = row.querySelector<HTMLElement>("[data-axis]");
  const ids = all<HTMLElement>("[data-lane-row][data-folded]", board).map((one) => one.dataset["laneRow"]);
  document.cookie = `parcours_folded=${ids.join(".")};path=${location.pathname};max-age=${YEAR};samesite=lax`;
  countCards(row);
  announce(say(folded ? "folded" : "unfolded", { title: head?.dataset["name"] ?? "" }));
}

/** A folded cell says how many cards it holds. */
export function countCards(row: HTMLElement): void {
  for (const cell of all<HTMLElement>("[data-cell]", row)) {
    const count = cell.querySelector(".cell-folded");
    const n = cell.querySelectorAll("[data-cards] > [data-card]").length;
    const words = n ? String(n) : "";
    if (count && count.textContent !== words) count.textContent = words;
  }
}
