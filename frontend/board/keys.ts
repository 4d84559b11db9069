// Cards by keyboard: arrows walk, Enter opens, n adds, x selects, m moves, d duplicates, Space carries, Delete deletes.
import { all, isTyping } from "../shared/dom";
import { type Board, stopsIn } from "./board";
import { cardsIn, cellOf, findCell, insertAll, openerOf, placeOf, standAt, titleOf } from "./cards";
import { openComposer } from "./composer";
import { type Moved, deleteCards, duplicate, movedCards } from "./deeds";
import { openDrawer } from "./drawer";
import { openMove } from "./move";
import { showStage, stageShown } from "./stages";
import { announce, say } from "./words";

interface Carried {
  card: HTMLElement;
  /** The card and what is selected beside it, with the places where they stood. */
  moves: Moved[];
}

let carried: Carried | undefined;
let moving = false;

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const STOPS = "[data-card-open], [data-add], [data-card-more], [data-card-pick]";

/** One stop of the Tab key for all cards; the arrow keys walk from there. */
export function rove(board: Board, to?: HTMLElement): void {
  const stops = all<HTMLElement>(STOPS, board.element);
  const focused = stops.find((stop) => stop === document.activeElement && stop.matches("[data-card-open], [data-add]"));
  const now = to ?? focused ?? stops.find((stop) => stop.tabIndex === 0 && stop.matches("[data-card-open]"));
  const current = now ?? stops.find((stop) => stop.matches("[data-card-open]")) ?? stops[0];
  const own = current?.closest("[data-card]");
  for (const stop of stops) {
    const tab = stop === current || (own?.contains(stop) && !stop.matches("[data-card-open]")) ? 0 : -1;
    if (stop.tabIndex !== tab) stop.tabIndex = tab;
  }
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
  if (isTyping(event.target) || event.altKey) return;
  const stop = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-card-open], [data-add]") : null;
  const cell = stop?.closest<HTMLElement>("[data-cell]");
  if (!stop || !cell) return;
  if (event.ctrlKey || event.metaKey) {
    if (event.key.toLowerCase() !== "a" || !board.mayEdit || event.shiftKey) return;
    board.selection.only(cardsIn(cell));
    event.preventDefault();
    return;
  }
  const card = stop.closest<HTMLElement>("[data-card]");
  if (event.shiftKey && ARROWS[event.key] && board.mayEdit && !carried) extend(board, stop, cell, event.key);
  else if (!handled(board, event.key, stop, cell, card)) return;
  event.preventDefault();
}

/** Shift and an arrow: the focus goes on, and everything between is selected. */
function extend(board: Board, stop: HTMLElement, cell: HTMLElement, key: string): void {
  const from = stop.closest<HTMLElement>("[data-card]") ?? undefined;
  walk(board, stop, cell, ...(ARROWS[key] ?? [0, 0]));
  const card = document.activeElement?.closest<HTMLElement>("[data-card]");
  if (card) board.selection.rangeTo(card, from);
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
  if (key === "Enter" && card) {
    void openDrawer(board, card);
    return true;
  }
  if (!board.mayEdit) return false;
  if (key === "n") openComposer(board, cell);
  else return card !== null && onCard(board, key, card);
  return true;
}

function onCard(board: Board, key: string, card: HTMLElement): boolean {
  const group = board.selection.groupOf(card);
  if (key === "m") openMove(board, group);
  else if (key === "x") board.selection.toggle(card);
  else if (key === "d") duplicate(board, group);
  else if (key === " ") pickUp(card, group);
  else if (key === "Delete" || key === "Backspace") deleteCards(board, group);
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

function pickUp(card: HTMLElement, group: HTMLElement[]): void {
  carried = { card, moves: group.map((one) => ({ card: one, from: placeOf(one) })) };
  for (const one of group) Object.assign(one.dataset, { grabbed: "", held: "" });
  announce(group.length > 1 ? say("pickedMany", { n: group.length }) : say("picked", { title: titleOf(card) }));
}

function carry(board: Board, across: number, down: number): void {
  const card = carried?.card;
  const cell = card && cellOf(card);
  if (!carried || !card || !cell) return;
  const group = carried.moves.map((move) => move.card);
  const others = cardsIn(cell).filter((other) => !group.includes(other));
  const at = cardsIn(cell).filter((other) => other === card || !group.includes(other)).indexOf(card);
  const within = down !== 0 && at + down >= 0 && at + down <= others.length;
  const target = within ? cell : cellBeside(board, cell, across, down);
  if (!target) return;
  const there = within ? others : cardsIn(target).filter((other) => !group.includes(other));
  const index = within ? at + down : down < 0 ? there.length : down > 0 ? 0 : Math.min(at, there.length);
  moving = true;
  insertAll(target, group, there[index] ?? null);
  if (across) showStage(board.element, stageShown(board.element) + across);
  openerOf(card)?.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  moving = false;
  announce(say("carried", { ...board.names(target), place: board.rank(card) }));
}

function letGo(): Carried | undefined {
  const was = carried;
  carried = undefined;
  for (const { card } of was?.moves ?? []) {
    delete card.dataset["grabbed"];
    delete card.dataset["held"];
  }
  return was;
}

function putDown(board: Board): void {
  const was = letGo();
  if (!was) return;
  movedCards(board, was.moves);
  for (const { card } of was.moves) void board.catchUp(card.dataset["card"] ?? "");
}

function putBack(board: Board): void {
  const was = letGo();
  if (!was) return;
  moving = true;
  for (const { card, from } of [...was.moves].reverse()) standAt(board.element, card, from);
  moving = false;
  const many = was.moves.length > 1;
  announce(many ? say("returnedMany", { n: was.moves.length }) : say("returned", { title: titleOf(was.card) }));
  for (const { card } of was.moves) void board.catchUp(card.dataset["card"] ?? "");
}
