// Carrying a card with a mouse, a pen or a finger. A finger holds still for a moment first, so that scrolling stays scrolling.
import type { Board } from "./board";
import { cardsIn, cellOf, idOf, insertAll, openerOf, placeOf } from "./cards";
import { type Moved, movedCards } from "./deeds";
import { NARROW, showStage, stageShown } from "./stages";

const FAR_ENOUGH = 5;
const HOLD = 320;
const EDGE = 56;
const FASTEST = 18;
const TURN_AFTER = 600;

export function startDrag(board: Board, signal: AbortSignal): void {
  board.element.addEventListener(
    "pointerdown",
    (event) => {
      const card = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-card]") : null;
      if (!card || event.button !== 0 || !event.isPrimary) return;
      if ((event.target as Element).closest("button, input, textarea, select")) return;
      new Drag(board, card, event);
    },
    { signal },
  );
  board.element.addEventListener("dragstart", (event) => event.preventDefault(), { signal });
}

class Drag {
  private readonly end = new AbortController();
  /** The card with everything that is selected beside it. */
  private moves: Moved[] = [];
  private readonly hold: number;
  private carried: HTMLElement | undefined;
  /** Floats over the map: a mark inside it would lay out the whole table anew at each step. */
  private readonly mark = document.createElement("div");
  private cell: HTMLElement | undefined;
  private next: HTMLElement | null = null;
  private x: number;
  private y: number;
  private turnAt = 0;
  /** The pointer, or the map below it, since the last frame: each looks once at what lies there. */
  private hasMoved = false;

  constructor(
    private readonly board: Board,
    private readonly card: HTMLElement,
    private readonly start: PointerEvent,
  ) {
    this.x = start.clientX;
    this.y = start.clientY;
    this.mark.className = "card-place";
    this.mark.setAttribute("aria-hidden", "true");
    const touch = start.pointerType === "touch";
    this.hold = touch ? window.setTimeout(() => this.begin(), HOLD) : 0;
    const { signal } = this.end;
    window.addEventListener("pointermove", (event) => this.onMove(event, touch), { signal });
    window.addEventListener("scroll", () => (this.hasMoved = true), { signal, capture: true });
    window.addEventListener("pointerup", () => this.finish(true, touch), { signal });
    window.addEventListener("pointercancel", () => this.finish(false), { signal });
    window.addEventListener("keydown", (event) => this.onKey(event), { signal, capture: true });
    window.addEventListener("touchmove", (event) => this.carried && event.preventDefault(), { signal, passive: false });
    if (!touch) window.addEventListener("selectstart", (event) => event.preventDefault(), { signal });
    window.addEventListener("contextmenu", (event) => this.carried && event.preventDefault(), { signal });
  }

  private onMove(event: PointerEvent, touch: boolean): void {
    if (event.pointerId !== this.start.pointerId) return;
    this.x = event.clientX;
    this.y = event.clientY;
    const far = Math.hypot(this.x - this.start.clientX, this.y - this.start.clientY) > FAR_ENOUGH;
    if (this.carried) this.hasMoved = true;
    else if (far && touch) this.finish(false);
    else if (far) this.begin();
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key !== "Escape" || !this.carried) return;
    event.preventDefault();
    event.stopPropagation();
    this.finish(false);
  }

  private begin(): void {
    const at = this.card.getBoundingClientRect();
    const copy = this.card.cloneNode(true) as HTMLElement;
    copy.removeAttribute("id");
    copy.removeAttribute("data-card");
    copy.classList.add("card-carried");
    copy.setAttribute("aria-hidden", "true");
    copy.style.width = `${at.width}px`;
    copy.style.marginLeft = `${at.left - this.start.clientX}px`;
    copy.style.marginTop = `${at.top - this.start.clientY}px`;
    const group = this.board.selection.groupOf(this.card);
    this.moves = group.map((card) => ({ card, from: placeOf(card) }));
    if (group.length > 1) copy.dataset["many"] = String(group.length);
    for (const card of group) Object.assign(card.dataset, { origin: "", held: "" });
    this.board.element.dataset["dragging"] = "";
    document.body.append(copy);
    this.carried = copy;
    if (this.start.pointerType === "touch") navigator.vibrate?.(10);
    getSelection()?.removeAllRanges();
    this.follow();
    requestAnimationFrame(this.tick);
  }

  private follow(): void {
    this.hasMoved = false;
    if (this.carried) this.carried.style.translate = `${this.x}px ${this.y}px`;
    const under = document.elementFromPoint(this.x, this.y)?.closest<HTMLElement>("[data-cell]");
    if (under && this.board.element.contains(under)) this.hover(under);
  }

  private hover(cell: HTMLElement): void {
    if (this.cell && this.cell !== cell) delete this.cell.dataset["over"];
    this.cell = cell;
    cell.dataset["over"] = "";
    const others = cardsIn(cell).filter((other) => !("origin" in other.dataset));
    const next = others.find((other) => {
      const box = other.getBoundingClientRect();
      return this.y < box.top + box.height / 2;
    });
    this.next = next ?? null;
    const list = cell.querySelector("[data-cards]")?.getBoundingClientRect();
    if (!list) return;
    const top = next ? next.getBoundingClientRect().top - 5 : (others.at(-1)?.getBoundingClientRect().bottom ?? list.top) + 2;
    this.mark.style.width = `${list.width}px`;
    this.mark.style.translate = `${list.left}px ${top}px`;
    if (!this.mark.isConnected) document.body.append(this.mark);
  }

  /** Scrolls while the card is held near an edge; on a phone turns to the next stage. */
  private readonly tick = (now: number): void => {
    if (!this.carried) return;
    const box = this.board.element.getBoundingClientRect();
    const scrolls = this.board.element.scrollHeight > this.board.element.clientHeight + 1;
    const top = scrolls ? Math.max(box.top + 96, 0) : 0;
    const down = speed(this.y - top, Math.min(box.bottom, innerHeight) - this.y);
    const across = scrolls ? speed(this.x - box.left, box.right - this.x) : 0;
    if (scrolls && (across || down)) this.board.element.scrollBy(across, down);
    else if (down) window.scrollBy(0, down);
    const narrow = matchMedia(NARROW).matches;
    if (narrow) this.turn(now);
    if (this.hasMoved || across || down || narrow) this.follow();
    requestAnimationFrame(this.tick);
  };

  private turn(now: number): void {
    const way = this.x < EDGE / 2 ? -1 : this.x > innerWidth - EDGE / 2 ? 1 : 0;
    if (!way) this.turnAt = 0;
    else if (!this.turnAt) this.turnAt = now + TURN_AFTER;
    else if (now > this.turnAt) {
      showStage(this.board.element, stageShown(this.board.element) + way);
      this.turnAt = now + TURN_AFTER * 2;
    }
  }

  private finish(drop: boolean, touch = false): void {
    window.clearTimeout(this.hold);
    this.end.abort();
    if (!this.carried) return;
    this.follow();
    this.carried.remove();
    this.carried = undefined;
    const target = this.cell;
    this.mark.remove();
    delete this.cell?.dataset["over"];
    for (const { card } of this.moves) {
      delete card.dataset["origin"];
      delete card.dataset["held"];
    }
    delete this.board.element.dataset["dragging"];
    swallowClick();
    const still = Math.hypot(this.x - this.start.clientX, this.y - this.start.clientY) <= FAR_ENOUGH;
    if (touch && still && drop) this.select();
    else if (drop && target && cellOf(this.card)) this.drop(target, this.next);
    for (const { card } of this.moves) void this.board.catchUp(idOf(card));
  }

  private drop(target: HTMLElement, next: HTMLElement | null): void {
    const group = this.moves.map(({ card }) => card).filter((card) => card.isConnected);
    insertAll(target, group, next);
    movedCards(this.board, this.moves);
  }

  /** Held and let go without a move: the finger selects from now on. */
  private select(): void {
    this.board.element.dataset["bytouch"] = "";
    if (!this.board.selection.has(this.card)) this.board.selection.toggle(this.card);
    openerOf(this.card)?.focus({ preventScroll: true });
  }
}

/** Pixels a frame, faster the nearer the pointer is to one of the two edges. */
function speed(before: number, after: number): number {
  const near = Math.min(before, after);
  if (near >= EDGE) return 0;
  const fast = FASTEST * (1 - Math.max(near, 0) / EDGE);
  return before < after ? -fast : fast;
}

/** The click that ends a drag opens nothing. */
function swallowClick(): void {
  const stop = (event: Event): void => {
    event.preventDefault();
    event.stopPropagation();
  };
  window.addEventListener("click", stop, { capture: true, once: true });
  window.setTimeout(() => window.removeEventListener("click", stop, { capture: true }), 50);
}
