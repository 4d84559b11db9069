// The emotion row: a curve over all stages. Each card with a level has a point, which is a slider standing upright.
import { all, need } from "../shared/dom";
import type { Board } from "./board";
import { cardsIn, idOf, openerOf, revisionOf, titleOf } from "./cards";
import { openComposer } from "./composer";
import { type Dot, path } from "./curve";
import { hush, isSaid, sayLevel } from "./said";

const STEP = 5;
const FAR = 20;
const WAIT = 700;
const KEYS: Record<string, (level: number, far: boolean) => number> = {
  ArrowUp: (level, far) => level + (far ? FAR : STEP),
  ArrowDown: (level, far) => level - (far ? FAR : STEP),
  PageUp: (level) => level + FAR,
  PageDown: (level) => level - FAR,
  Home: () => -100,
  End: () => 100,
};

interface Pending {
  timer: number;
  before: number;
}

export function startEmotion(board: Board, signal: AbortSignal): void {
  const pending = new Map<string, Pending>();
  const watcher = new MutationObserver((records) => {
    if (records.some((record) => touchesCards(record))) drawAll(board);
  });
  watcher.observe(board.element, { childList: true, subtree: true, attributeFilter: ["data-level"] });
  signal.addEventListener("abort", () => watcher.disconnect());
  rove(board);
  if (!board.mayEdit) return;
  board.element.addEventListener("input", (event) => dragged(board, event), { signal });
  board.element.addEventListener("change", (event) => {
    const point = pointOf(event.target);
    if (!point) return;
    settle(board, pending, point, 0);
    if (!point.matches(":focus-visible")) hush();
  }, { signal });
  board.element.addEventListener("keydown", (event) => onKey(board, pending, event), { signal });
  board.element.addEventListener("focusin", (event) => {
    const point = pointOf(event.target);
    if (!point) return;
    rove(board, point);
    if (point.matches(":focus-visible")) sayLevel(point);
  }, { signal });
  board.element.addEventListener("focusout", (event) => pointOf(event.target) && hush(), { signal });
  board.element.addEventListener("pointerover", (event) => {
    const point = pointOf(event.target);
    if (point && event.pointerType === "mouse" && !event.buttons) sayLevel(point);
  }, { signal });
  board.element.addEventListener("pointerout", (event) => {
    const point = pointOf(event.target);
    if (point && !event.buttons && !point.matches(":focus-visible")) hush();
  }, { signal });
  board.element.addEventListener("click", (event) => addHere(board, event), { signal });
}

/** Gives a card a level: on the map at once, then stored. */
function setLevel(board: Board, card: HTMLElement, level: number, before: number): void {
  card.dataset["level"] = String(level);
  const data = new FormData();
  data.set("detail-level", String(level));
  board.edit(idOf(card), revisionOf(card), data, [["detail-level", String(before)]]);
}

const pointOf = (target: EventTarget | null): HTMLInputElement | null =>
  target instanceof HTMLInputElement && target.matches("[data-point]") ? target : null;

const pointsIn = (place: ParentNode): HTMLInputElement[] => all<HTMLInputElement>("[data-point]", place);

function touchesCards(record: MutationRecord): boolean {
  const target = record.target as HTMLElement;
  return record.type === "attributes" ? target.matches("[data-card]") : target.matches("[data-cards]");
}

// Drawing

function drawAll(board: Board): void {
  for (const row of all<HTMLElement>('[data-lane-row][data-kind="emotion"]', board.element)) {
    for (const cell of all<HTMLElement>("[data-cell]", row)) drawPoints(board, cell);
    drawCurve(row);
  }
  rove(board);
}

/** As many points as cards with a level, in their order; one that is being dragged stays as it is. */
function drawPoints(board: Board, cell: HTMLElement): void {
  const box = cell.querySelector<HTMLElement>("[data-emotion-points]");
  if (!box) return;
  const there = new Map(pointsIn(box).map((point) => [point.dataset["point"] ?? "", point]));
  const points = cardsIn(cell).flatMap((card) => {
    const level = card.dataset["level"];
    if (level === undefined) return [];
    const point = there.get(idOf(card)) ?? blank(board, idOf(card));
    if (!("held" in card.dataset)) point.value = level;
    point.setAttribute("aria-label", `${cell.dataset["stageName"] ?? ""}: ${titleOf(card)}`);
    tell(point);
    return [point];
  });
  const same = points.length === box.children.length && points.every((point, at) => box.children[at] === point);
  if (!same) box.replaceChildren(...points);
}

function blank(board: Board, id: string): HTMLInputElement {
  const point = document.createElement("input");
  Object.assign(point, { type: "range", min: "-100", max: "100", className: "emotion-point", disabled: !board.mayEdit });
  point.setAttribute("aria-orientation", "vertical");
  point.dataset["point"] = id;
  return point;
}

function drawCurve(row: HTMLElement): void {
  const dots = all<HTMLElement>("[data-cell]", row).flatMap((cell, stage) => {
    const points = pointsIn(cell);
    return points.map((point, at): Dot => [100 * (stage + (at + 0.5) / points.length), (100 - Number(point.value)) / 2]);
  });
  const line = path(dots);
  for (const curve of all<SVGPathElement>(".emotion-curve", row)) {
    if (curve.getAttribute("d") !== line) curve.setAttribute("d", line);
  }
}

function tell(point: HTMLInputElement): void {
  const level = Number(point.value);
  const words = need<HTMLTemplateElement>("#emotion-words").dataset;
  const feeling = level <= -60 ? "worst" : level <= -20 ? "bad" : level < 20 ? "even" : level < 60 ? "good" : "best";
  const shown = level < 0 ? `−${-level}` : level > 0 ? `+${level}` : "0";
  point.setAttribute("aria-valuetext", `${words[feeling] ?? ""}, ${shown}`);
  if (point.disabled) point.title = `${words[feeling] ?? ""}, ${shown}`;
  if (isSaid(point)) sayLevel(point);
}

/** One stop of the Tab key for all points of a row. */
function rove(board: Board, to?: HTMLInputElement): void {
  for (const row of all<HTMLElement>('[data-lane-row][data-kind="emotion"]', board.element)) {
    const points = pointsIn(row);
    const now = points.find((point) => point === to) ?? points.find((point) => point.tabIndex === 0 && point.dataset["stop"]) ?? points[0];
    for (const point of points) {
      point.tabIndex = point === now ? 0 : -1;
      if (point === now) point.dataset["stop"] = "1";
      else delete point.dataset["stop"];
    }
  }
}

// Moving a point

function show(board: Board, point: HTMLInputElement, level: number): void {
  point.value = String(Math.max(-100, Math.min(100, level)));
  tell(point);
  sayLevel(point);
  const row = point.closest<HTMLElement>("[data-lane-row]");
  if (row) drawCurve(row);
  const card = board.card(point.dataset["point"] ?? "");
  if (card) card.dataset["held"] = "";
}

function dragged(board: Board, event: Event): void {
  const point = pointOf(event.target);
  if (point) show(board, point, Math.round(Number(point.value) / STEP) * STEP);
}

function onKey(board: Board, pending: Map<string, Pending>, event: KeyboardEvent): void {
  const point = pointOf(event.target);
  if (!point || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    event.preventDefault();
    const row = point.closest<HTMLElement>("[data-lane-row]");
    const points = row ? pointsIn(row) : [];
    points[points.indexOf(point) + (event.key === "ArrowRight" ? 1 : -1)]?.focus();
  } else if (event.key === "Enter") {
    event.preventDefault();
    const card = board.card(point.dataset["point"] ?? "");
    if (card) openerOf(card)?.click();
  } else {
    const next = KEYS[event.key];
    if (!next) return;
    event.preventDefault();
    show(board, point, next(Number(point.value), event.shiftKey));
    settle(board, pending, point, WAIT);
  }
}

/** Stores the level once the hand rests: several presses of a key are one change. */
function settle(board: Board, pending: Map<string, Pending>, point: HTMLInputElement, wait: number): void {
  const id = point.dataset["point"] ?? "";
  const card = board.card(id);
  if (!card) return;
  const known = pending.get(id);
  if (known) window.clearTimeout(known.timer);
  const before = known?.before ?? Number(card.dataset["level"] ?? 0);
  const store = (): void => {
    pending.delete(id);
    const now = board.card(id);
    if (!now) return;
    delete now.dataset["held"];
    if (Number(point.value) !== before) setLevel(board, now, Number(point.value), before);
    void board.catchUp(id);
  };
  if (wait) pending.set(id, { before, timer: window.setTimeout(store, wait) });
  else store();
}

/** A click on the curve asks for the words of a new point at that height. */
function addHere(board: Board, event: MouseEvent): void {
  const plot = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-emotion]") : null;
  const cell = plot?.closest<HTMLElement>("[data-cell]");
  if (!plot || !cell || pointOf(event.target) || event.button !== 0 || event.shiftKey || event.ctrlKey || event.metaKey) return;
  const box = need(".emotion-drawing", plot).getBoundingClientRect();
  const level = 100 - (200 * (event.clientY - box.top)) / box.height;
  const rounded = Math.max(-100, Math.min(100, Math.round(level / STEP) * STEP));
  openComposer(board, cell, [["detail-level", String(rounded)]], need<HTMLTemplateElement>("#emotion-words").dataset["hint"]);
}
