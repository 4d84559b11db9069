// Reading and placing cards. The page is the only store: a card is its <li>, a cell its <td>.
export { newId } from "../shared/ids";
import { all, fromHtml, need } from "../shared/dom";

export interface Place {
  stage: string;
  lane: string;
  before: string;
  after: string;
}

export const idOf = (card: HTMLElement): string => card.dataset["card"] ?? "";

export const revisionOf = (card: HTMLElement): number => Number(card.dataset["revision"] ?? 0);

const QUOTES = "“”«»„\"'‘’";

/** The card's words without quotation marks of their own: sentences put them in theirs. */
export function titleOf(card: HTMLElement): string {
  const words = card.querySelector("[data-title]")?.textContent?.trim() ?? "";
  const bare = words.replace(new RegExp(`^[${QUOTES}]\\s*|\\s*[${QUOTES}]$`, "gu"), "");
  return QUOTES.includes(words.charAt(0)) ? bare : words;
}

/** Shows a title; words that stand in quotation marks already get no second pair. */
export function setTitle(card: HTMLElement, title: string): void {
  const box = need<HTMLElement>("[data-title]", card);
  box.textContent = title;
  if (title && QUOTES.includes(title.charAt(0))) box.dataset["quoted"] = "";
  else delete box.dataset["quoted"];
}

export const openerOf = (card: HTMLElement): HTMLElement | null => card.querySelector<HTMLElement>("[data-card-open]");

export const cellOf = (card: HTMLElement): HTMLElement | null => card.closest<HTMLElement>("[data-cell]");

export function findCard(board: ParentNode, id: string): HTMLElement | null {
  return board.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`);
}

export function findCell(board: ParentNode, stage: string, lane: string): HTMLElement | null {
  return board.querySelector<HTMLElement>(
    `[data-cell][data-stage="${CSS.escape(stage)}"][data-lane="${CSS.escape(lane)}"]`,
  );
}

export const cardsIn = (cell: HTMLElement): HTMLElement[] => all<HTMLElement>("[data-cards] > [data-card]", cell);

const listOf = (cell: HTMLElement): HTMLElement | null => cell.querySelector<HTMLElement>("[data-cards]");

/** Moves without losing the focus, where the browser can; elsewhere gives it back. */
export function insert(cell: HTMLElement, card: HTMLElement, before: HTMLElement | null): void {
  const list = listOf(cell);
  if (!list) return;
  const focused = card.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
  list.insertBefore(card, before);
  if (focused && document.activeElement !== focused) focused.focus({ preventScroll: true });
}

/** Where the card stands now, said by its neighbours. */
export function placeOf(card: HTMLElement): Place {
  const cell = cellOf(card);
  return {
    stage: cell?.dataset["stage"] ?? "",
    lane: cell?.dataset["lane"] ?? "",
    before: neighbour(card, "nextElementSibling"),
    after: neighbour(card, "previousElementSibling"),
  };
}

function neighbour(card: HTMLElement, way: "nextElementSibling" | "previousElementSibling"): string {
  let next = card[way];
  while (next && !(next instanceof HTMLElement && next.dataset["card"])) next = next[way];
  return next instanceof HTMLElement ? (next.dataset["card"] ?? "") : "";
}

export function samePlace(a: Place, b: Place): boolean {
  return a.stage === b.stage && a.lane === b.lane && a.before === b.before && a.after === b.after;
}

/** Puts a card where its own stage, lane and order key say; keys compare as plain strings. */
export function putByOrder(board: HTMLElement, card: HTMLElement): void {
  const cell = findCell(board, card.dataset["stage"] ?? "", card.dataset["lane"] ?? "");
  if (!cell) {
    card.remove();
    return;
  }
  const order = card.dataset["order"] ?? "";
  const behind = cardsIn(cell).filter((other) => other !== card);
  const next = behind.find((other) => (other.dataset["order"] ?? "") > order) ?? null;
  const inPlace = card.parentElement === listOf(cell) && neighbour(card, "nextElementSibling") === (next ? idOf(next) : "");
  if (!inPlace) insert(cell, card, next);
}

/** Puts a card in front of its neighbour, behind the other one, or last; false when the cell is gone. */
export function standAt(board: HTMLElement, card: HTMLElement, place: Place): boolean {
  const cell = findCell(board, place.stage, place.lane);
  if (!cell) return false;
  const others = cardsIn(cell).filter((other) => other !== card);
  const before = others.find((other) => idOf(other) === place.before);
  const after = others.findIndex((other) => idOf(other) === place.after);
  insert(cell, card, before ?? (after < 0 ? null : (others[after + 1] ?? null)));
  return true;
}

/** Puts cards one behind the other in front of `next`. */
export function insertAll(cell: HTMLElement, cards: HTMLElement[], next: HTMLElement | null): void {
  let before = next;
  while (before && cards.includes(before)) before = before.nextElementSibling as HTMLElement | null;
  for (const card of cards) insert(cell, card, before);
}

const STATES = ["selected", "hit"];

/** Replaces a card by what the server drew. An unchanged picture stays, so that nothing flickers; so does the focus. */
export function redraw(board: HTMLElement, html: string, { fresh = false } = {}): HTMLElement | null {
  const drawn = fromHtml(html);
  const id = drawn.dataset["card"];
  if (!id) return null;
  const old = findCard(board, id);
  if (old) {
    const before = old.querySelector<HTMLImageElement>("img.card-picture");
    const after = drawn.querySelector<HTMLImageElement>("img.card-picture");
    if (before && after && before.getAttribute("src") === after.getAttribute("src")) {
      before.alt = after.alt;
      after.replaceWith(before);
    }
    const focused = old.contains(document.activeElement);
    const tab = openerOf(old)?.tabIndex;
    keepStates(old, drawn);
    old.replaceWith(drawn);
    const opener = openerOf(drawn);
    if (opener && tab !== undefined) opener.tabIndex = tab;
    if (focused) opener?.focus({ preventScroll: true });
  } else if (openerOf(drawn)) {
    const opener = openerOf(drawn);
    if (opener) opener.tabIndex = -1;
  }
  putByOrder(board, drawn);
  if (fresh) {
    drawn.dataset["fresh"] = "";
    drawn.addEventListener("animationend", () => delete drawn.dataset["fresh"], { once: true });
  }
  return drawn;
}

/** Selected and found cards stay so when they are drawn anew. */
export function keepStates(old: HTMLElement, drawn: HTMLElement): void {
  for (const name of STATES) if (old.dataset[name] !== undefined) drawn.dataset[name] = old.dataset[name];
  const box = drawn.querySelector<HTMLInputElement>("[data-card-pick]");
  if (box) box.checked = "selected" in drawn.dataset;
}

/** The words under a card about what is going on with it; none take the line away. */
export function note(card: HTMLElement, words: string): void {
  let line = card.querySelector<HTMLElement>("[data-note]");
  if (!words) {
    line?.remove();
    return;
  }
  if (!line) {
    const blank = need<HTMLTemplateElement>("#card-blank").content;
    line = need<HTMLElement>("[data-note]", blank).cloneNode(true) as HTMLElement;
    card.append(line);
  }
  need("span", line).textContent = words;
}
