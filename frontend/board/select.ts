// Several cards at once: x, a click on the box, Shift, a frame drawn on empty ground; on a phone, hold a card.
import { all, fill, need } from "../shared/dom";
import type { Board } from "./board";
import { cardsIn, cellOf, idOf, openerOf, titleOf } from "./cards";
import { copySelected } from "./clip";
import { deleteCards, duplicate } from "./deeds";
import { openMove } from "./move";
import { announce, say } from "./words";

const SELECTED = "[data-card][data-selected]";

export class Selection {
  /** From where Shift selects. */
  private anchor = "";

  constructor(private readonly board: Board) {}

  /** In reading order. */
  get cards(): HTMLElement[] {
    return all<HTMLElement>(SELECTED, this.board.element);
  }

  has(card: HTMLElement): boolean {
    return "selected" in card.dataset;
  }

  /** What an action on this card is meant for: everything selected when it is among that, else the card alone. */
  groupOf(card: HTMLElement): HTMLElement[] {
    return this.has(card) ? this.cards : [card];
  }

  toggle(card: HTMLElement): void {
    mark(card, !this.has(card));
    this.anchor = idOf(card);
    this.changed();
    announce(say(this.has(card) ? "selected" : "unselected", { title: titleOf(card), n: this.cards.length }));
  }

  only(cards: HTMLElement[]): void {
    for (const card of this.cards) if (!cards.includes(card)) mark(card, false);
    for (const card of cards) mark(card, true);
    this.anchor = cards[0] ? idOf(cards[0]) : "";
    this.changed();
    announce(say("selectedCount", { n: cards.length }));
  }

  clear(): boolean {
    const there = this.cards;
    for (const card of there) mark(card, false);
    this.changed();
    if (there.length) announce(say("selectedNone"));
    return there.length > 0;
  }

  /** Everything between the card selected last and this one. */
  rangeTo(card: HTMLElement, from?: HTMLElement): void {
    const start = this.board.card(this.anchor) ?? from ?? card;
    const anchor = idOf(start);
    this.only(between(this.board, start, card));
    this.anchor = anchor;
  }

  /** Cards drawn anew, moved or gone: the bar says what is so now. */
  changed(): void {
    const n = this.cards.length;
    if (n) this.board.element.dataset["selecting"] = "";
    else delete this.board.element.dataset["selecting"];
    const bar = document.querySelector<HTMLElement>("#selection");
    if (!bar) return;
    if (bar.hidden === n > 0) {
      bar.hidden = n === 0;
      document.body.toggleAttribute("data-selection", n > 0);
    }
    const words = n === 1 ? bar.dataset["countOne"] : fill(bar.dataset["countMany"] ?? "", { n });
    const count = need("[data-selection-count]", bar);
    if (count.textContent !== words) count.textContent = words ?? "";
  }
}

function mark(card: HTMLElement, on: boolean): void {
  if (on) card.dataset["selected"] = "";
  else delete card.dataset["selected"];
  const box = card.querySelector<HTMLInputElement>("[data-card-pick]");
  if (box) box.checked = on;
}

/** Within a cell the cards between two; else every card of the cells that the two span. */
function between(board: Board, a: HTMLElement, b: HTMLElement): HTMLElement[] {
  const [here, there] = [cellOf(a), cellOf(b)];
  if (!here || !there) return [b];
  if (here === there) {
    const cards = cardsIn(here);
    const [first, last] = [cards.indexOf(a), cards.indexOf(b)].sort((x, y) => x - y);
    return cards.slice(first, (last ?? 0) + 1);
  }
  const rows = all<HTMLTableRowElement>("[data-lane-row]", board.element);
  const at = (cell: HTMLElement): [number, number] => [
    rows.indexOf(cell.parentElement as HTMLTableRowElement),
    (cell as HTMLTableCellElement).cellIndex,
  ];
  const [[row1, column1], [row2, column2]] = [at(here), at(there)];
  return rows
    .slice(Math.min(row1, row2), Math.max(row1, row2) + 1)
    .flatMap((row) => [...row.cells].slice(Math.min(column1, column2), Math.max(column1, column2) + 1))
    .flatMap((cell) => cardsIn(cell));
}

export function startSelecting(board: Board, signal: AbortSignal): void {
  const { selection } = board;
  board.element.addEventListener("click", (event) => onClick(board, event), { signal, capture: true });
  const bar = document.querySelector<HTMLElement>("#selection");
  bar?.addEventListener(
    "click",
    (event) => {
      const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-selection-do]") : null;
      const { cards } = selection;
      const verb = button?.dataset["selectionDo"];
      if (verb === "end") end(board);
      if (!cards.length) return;
      if (verb === "move") openMove(board, cards);
      else if (verb === "duplicate") duplicate(board, cards);
      else if (verb === "copy") copySelected();
      else if (verb === "delete") {
        selection.clear();
        deleteCards(board, cards);
      }
    },
    { signal },
  );
  bar?.addEventListener("keydown", (event) => event.key === "Escape" && end(board), { signal });
  board.element.addEventListener("pointerdown", (event) => startBand(board, event), { signal });
  selection.changed();
}

function end(board: Board): void {
  const [first] = board.selection.cards;
  board.selection.clear();
  if (first) openerOf(first)?.focus();
}

/** The box toggles; so does the card itself while a finger selects; Shift selects up to here. */
function onClick(board: Board, event: MouseEvent): void {
  if (!(event.target instanceof Element)) return;
  const card = event.target.closest<HTMLElement>("[data-card]");
  if (!card || !board.mayEdit) return;
  const box = event.target.closest("[data-card-pick]");
  const byTouch = "bytouch" in board.element.dataset && "selecting" in board.element.dataset;
  if (event.shiftKey && (box || event.target.closest("[data-card-open]"))) board.selection.rangeTo(card);
  else if (box || (byTouch && !event.target.closest("[data-card-more]"))) board.selection.toggle(card);
  else return;
  if (!box) event.preventDefault();
  event.stopPropagation();
  openerOf(card)?.focus({ preventScroll: true });
}

/** A frame drawn with the mouse on empty ground selects what it touches; a mere click there chooses the cell. */
function startBand(board: Board, start: PointerEvent): void {
  const ground = start.target instanceof Element ? start.target : null;
  if (start.pointerType !== "mouse" || start.button !== 0 || !ground || !board.mayEdit) return;
  const cell = ground.closest<HTMLElement>("[data-cell]");
  if (!cell || ground.closest("[data-card], a, button, input, textarea, select, form, [data-proposal]")) return;
  new Band(board, cell, start);
}

class Band {
  private readonly end = new AbortController();
  private readonly box = document.createElement("div");
  private readonly kept: HTMLElement[];
  private readonly cards: { card: HTMLElement; left: number; top: number; right: number; bottom: number }[] = [];
  private readonly from: { x: number; y: number };
  private drawn = false;

  constructor(
    private readonly board: Board,
    private readonly cell: HTMLElement,
    private readonly start: PointerEvent,
  ) {
    this.kept = start.shiftKey || start.ctrlKey || start.metaKey ? board.selection.cards : [];
    this.from = this.onSheet(start);
    const { signal } = this.end;
    window.addEventListener("pointermove", (event) => this.move(event), { signal });
    window.addEventListener("pointerup", () => this.finish(), { signal });
    window.addEventListener("pointercancel", () => this.finish(), { signal });
  }

  /** A place in the window as one on the scrolled sheet. */
  private onSheet({ clientX, clientY }: { clientX: number; clientY: number }): { x: number; y: number } {
    const { element } = this.board;
    const frame = element.getBoundingClientRect();
    return { x: clientX - frame.left + element.scrollLeft, y: clientY - frame.top + element.scrollTop };
  }

  private begin(): void {
    this.drawn = true;
    this.box.className = "rubber-band";
    this.board.element.dataset["banding"] = "";
    this.board.element.append(this.box);
    getSelection()?.removeAllRanges();
    for (const card of all<HTMLElement>("[data-card]", this.board.element)) {
      const at = card.getBoundingClientRect();
      if (!at.width) continue;
      const a = this.onSheet({ clientX: at.left, clientY: at.top });
      this.cards.push({ card, left: a.x, top: a.y, right: a.x + at.width, bottom: a.y + at.height });
    }
  }

  private move(event: PointerEvent): void {
    if (event.pointerId !== this.start.pointerId) return;
    const to = this.onSheet(event);
    if (!this.drawn) {
      if (Math.hypot(to.x - this.from.x, to.y - this.from.y) < 6) return;
      this.begin();
    }
    const [left, right] = [Math.min(this.from.x, to.x), Math.max(this.from.x, to.x)];
    const [top, bottom] = [Math.min(this.from.y, to.y), Math.max(this.from.y, to.y)];
    Object.assign(this.box.style, { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` });
    for (const one of this.cards) {
      const touched = one.left < right && one.right > left && one.top < bottom && one.bottom > top;
      const on = touched || this.kept.includes(one.card);
      if (on !== this.board.selection.has(one.card)) mark(one.card, on);
    }
    this.board.selection.changed();
  }

  private finish(): void {
    this.end.abort();
    this.box.remove();
    delete this.board.element.dataset["banding"];
    if (this.drawn) {
      this.board.selection.only(this.board.selection.cards);
      const [first] = this.board.selection.cards;
      if (first) openerOf(first)?.focus({ preventScroll: true });
    } else {
      if (!this.kept.length) this.board.selection.clear();
      this.cell.querySelector<HTMLElement>("[data-add]")?.focus({ preventScroll: true });
    }
  }
}
