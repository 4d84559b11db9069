// Taking over a page that was fetched again without throwing away what a person is in the middle of.
import { all, need } from "../shared/dom";
import type { Board } from "./board";
import { findCard, findCell, idOf, keepStates, openerOf } from "./cards";
import { showStage, stageShown } from "./stages";
import { makeWide, wideStage } from "./wide";

/** Takes over the map of a fresh page: cards that are the same stay the same elements. */
export function takeMap(board: Board, page: Document): void {
  const { element } = board;
  const frame = page.querySelector<HTMLElement>("journey-board");
  const fresh = frame?.querySelector(".map");
  const old = element.querySelector(".map");
  if (!frame || !fresh || !old) return;
  const focus = focusIn(element);
  const scroll = [element.scrollLeft, element.scrollTop] as const;
  const stage = element.querySelector<HTMLTableCellElement>(`.stage-head:nth-child(${stageShown(element) + 1})`)?.dataset["stage"];
  const map = document.adoptNode(fresh);
  for (const drawn of all<HTMLElement>("[data-card]", map)) {
    const there = board.card(idOf(drawn));
    if (!there) continue;
    keepStates(there, drawn);
    if (same(there, drawn)) drawn.replaceWith(there);
  }
  old.replaceWith(map);
  element.dataset["stages"] = frame.dataset["stages"] ?? "";
  takePicker(page);
  makeWide(element, element.querySelector(`[data-stage="${CSS.escape(wideStage(element))}"]`) ? wideStage(element) : "");
  const shown = element.querySelector<HTMLTableCellElement>(`.stage-head[data-stage="${CSS.escape(stage ?? "")}"]`);
  showStage(element, shown?.cellIndex ?? stageShown(element));
  element.scrollTo(...scroll);
  focus?.();
  board.selection.changed();
  element.dispatchEvent(new CustomEvent("redrawn"));
}

function takePicker(page: Document): void {
  const picker = page.querySelector(".stage-picker");
  if (picker) document.querySelector(".stage-picker")?.replaceWith(document.adoptNode(picker));
}

/** Drawn the same by the server: nothing of it needs to change here. */
function same(there: HTMLElement, drawn: HTMLElement): boolean {
  const bare = (card: HTMLElement): string => {
    const copy = card.cloneNode(true) as HTMLElement;
    for (const one of all<HTMLElement>("[tabindex]", copy)) one.removeAttribute("tabindex");
    for (const one of [copy, ...all<HTMLElement>("[data-note]", copy)]) delete one.dataset["fresh"];
    return copy.outerHTML.replace(/\s+/g, " ");
  };
  return there.dataset["revision"] === drawn.dataset["revision"] && bare(there) === bare(drawn);
}

/** Gives the focus back to the same thing in another drawing; undefined when it is elsewhere. */
function focusIn(element: HTMLElement): (() => void) | undefined {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || !element.contains(focused)) return undefined;
  const card = focused.closest<HTMLElement>("[data-card]");
  const cell = focused.closest<HTMLElement>("[data-cell]");
  const head = focused.closest<HTMLElement>("[data-axis]");
  const find = (): HTMLElement | null | undefined => {
    if (card && findCard(element, idOf(card))) {
      const now = need<HTMLElement>(`[data-card="${CSS.escape(idOf(card))}"]`, element);
      return focused.matches("[data-card-more]") ? now.querySelector<HTMLElement>("[data-card-more]") : openerOf(now);
    }
    if (cell) return findCell(element, cell.dataset["stage"] ?? "", cell.dataset["lane"] ?? "")?.querySelector<HTMLElement>("[data-add]");
    if (!head) return undefined;
    const there = all<HTMLElement>("[data-axis]", element).find((one) => one.dataset["id"] === head.dataset["id"]);
    return there?.querySelector<HTMLElement>(focused.matches("[data-fold]") ? "[data-fold]" : "[data-axis-more]");
  };
  return () => find()?.focus({ preventScroll: true });
}
