// The map by keyboard: arrows walk, Enter opens, n adds, m moves, Space carries, Delete deletes, ? shows the keys.
import { all, isTyping, need } from "../shared/dom";
import { type Board, stopsIn } from "./board";
import { type Place, cardsIn, cellOf, findCell, insert, openerOf, placeOf, titleOf } from "./cards";
import { openComposer } from "./composer";
import { openDrawer } from "./drawer";
import { openMove } from "./move";
import { showStage, stageShown } from "./stages";
import { announce, say } from "./words";

interface Carried {
  card: HTMLElement;
  from: Place;
}

let carried: Carried | undefined;
let moving = false;

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** One stop of the Tab key for all cards; the arrow keys walk from there. */
export function rove(board: Board, to?: HTMLElement): void {
  const stops = all<HTMLElement>("[data-card-open], [data-add], [data-card-more]", board.element);
  const focused = stops.find((stop) => stop === document.activeElement && !stop.matches("[data-card-more]"));
  const now = to ?? focused ?? stops.find((stop) => stop.tabIndex === 0 && stop.matches("[data-card-open]"));
  const current = now ?? stops.find((stop) => stop.matches("[data-card-open]")) ?? stops[0];
  const own = current?.closest("[data-card]")?.querySelector("[data-card-more]");
  for (const stop of stops) stop.tabIndex = stop === current || stop === own ? 0 : -1;
}

export function startKeys(board: Board): void {
  rove(board);
  board.element.addEventListener("focusin", (event) => {
    const stop = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-card-open], [data-add]") : null;
    if (stop) rove(board, stop);
  });
  board.element.addEventListener("focusout", () => {
    if (carried && !moving) putBack(board);
  });
  board.element.addEventListener("keydown", (event) => onKey(board, event));
}

function onKey(board: Board, event: KeyboardEvent): void {
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const stop = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-card-open], [data-add]") : null;
  const cell = stop?.closest<HTMLElement>("[data-cell]");
  if (!stop || !cell) return;
  const card = stop.closest<HTMLElement>("[data-card]");
  if (handled(board, event.key, stop, cell, card)) event.preventDefault();
}

function handled(board: Board, key: string, stop: HTMLElement, cell: HTMLElement, card: HTMLElement | null): boolean {
  const arrow = ARROWS[key];
  if (arrow) {
    if (carried) carry(board, ...arrow);
    else walk(board, stop, cell, ...arrow);
    return true;
  }
  if (carried) {
    if (key === " " || key === "Enter") putDown(board);
    else if (key === "Escape") putBack(board);
    else return false;
    return true;
  }
  if (!board.mayEdit) return false;
  if (key === "n") openComposer(board, cell);
  else if (card && key === "Enter") void openDrawer(board, card);
  else if (card && key === "m") openMove(board, card);
  else if (card && key === " ") pickUp(card);
  else if (card && (key === "Delete" || key === "Backspace")) board.delete(card);
  else return false;
  return true;
}

// Walking

function walk(board: Board, stop: HTMLElement, cell: HTMLElement, across: number, down: number): void {
  const stops = stopsIn(cell);
  const at = stops.indexOf(stop);
  if (down && stops[at + down]) {
    stops[at + down]?.focus();
    return;
  }
  const next = cellBeside(board, cell, across, down);
  if (!next) return;
  if (across) showStage(board.element, stageShown(board.element) + across);
  const there = stopsIn(next);
  if (down) (down > 0 ? there[0] : there.at(-1))?.focus();
  else there[Math.min(at, Math.max(there.length - 2, 0))]?.focus(); // the last stop is “Add”
}

/** The next cell that way: across in the same lane, down in the same stage. */
function cellBeside(board: Board, cell: HTMLElement, across: number, down: number): HTMLElement | null {
  const row = cell.parentElement as HTMLTableRowElement;
  if (across) {
    const beside = across > 0 ? cell.nextElementSibling : cell.previousElementSibling;
    return beside instanceof HTMLElement && beside.matches("[data-cell]") ? beside : null;
  }
  const rows = all<HTMLElement>("[data-lane-row]", board.element);
  const lane = rows[rows.indexOf(row) + down]?.dataset["laneRow"];
  return lane ? findCell(board.element, cell.dataset["stage"] ?? "", lane) : null;
}

// Carrying

function pickUp(card: HTMLElement): void {
  carried = { card, from: placeOf(card) };
  card.dataset["grabbed"] = "";
  card.dataset["held"] = "";
  announce(say("picked", { title: titleOf(card) }));
}

function carry(board: Board, across: number, down: number): void {
  const card = carried?.card;
  const cell = card && cellOf(card);
  if (!card || !cell) return;
  const cards = cardsIn(cell);
  const at = cards.indexOf(card);
  const within = down && at + down >= 0 && at + down < cards.length;
  const target = within ? cell : cellBeside(board, cell, across, down);
  if (!target) return;
  const others = cardsIn(target).filter((other) => other !== card);
  const index = within ? at + down : down < 0 ? others.length : down > 0 ? 0 : Math.min(at, others.length);
  moving = true;
  insert(target, card, others[index] ?? null);
  if (across) showStage(board.element, stageShown(board.element) + across);
  openerOf(card)?.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  moving = false;
  announce(say("carried", { ...board.names(target), place: board.rank(card) }));
}

function letGo(): Carried | undefined {
  const was = carried;
  carried = undefined;
  if (was) {
    delete was.card.dataset["grabbed"];
    delete was.card.dataset["held"];
  }
  return was;
}

function putDown(board: Board): void {
  const was = letGo();
  if (!was) return;
  board.moved(was.card, was.from);
  void board.catchUp(was.card.dataset["card"] ?? "");
}

function putBack(board: Board): void {
  const was = letGo();
  if (!was) return;
  const cell = findCell(board.element, was.from.stage, was.from.lane);
  moving = true;
  if (cell) insert(cell, was.card, was.from.before ? board.card(was.from.before) : null);
  moving = false;
  announce(say("returned", { title: titleOf(was.card) }));
  void board.catchUp(was.card.dataset["card"] ?? "");
}

/** `?` anywhere on the page. */
export function startHelp(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "?" || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    need<HTMLDialogElement>("#board-keys").showModal();
  });
}
