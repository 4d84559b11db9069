// What a person does with cards: shown at once, kept in the history, stored behind.
import { all, fromHtml, need } from "../shared/dom";
import { toast } from "../shared/toasts";
import type { Board } from "./board";
import {
  type Place,
  cellOf,
  idOf,
  insert,
  newId,
  note,
  openerOf,
  placeOf,
  revisionOf,
  samePlace,
  setTitle,
  titleOf,
} from "./cards";
import type { Deed, Fields, Step } from "./history";
import { drawing, undo } from "./undo";
import { announce, say } from "./words";

/** What a form carries for browsers without scripts; here the headers say it. */
const FORM_ONLY = new Set(["csrfmiddlewaretoken", "revision"]);

export interface NewCard {
  title: string;
  text?: string;
  picture?: File;
  /** The card, of this map or another, that it is a copy of. */
  copies?: string;
  /** Something else that makes it, with what that needs to know. */
  url?: string;
  fields?: Fields;
}

/** “did add” in words, for one card or several. */
export function what(verb: string, titles: string[]): string {
  return titles.length === 1 ? say(`did${verb}`, { title: titles[0] ?? "" }) : say(`did${verb}Many`, { n: titles.length });
}

/** New cards behind the card `after` (behind its whole cell without one), as one step. */
export function addCards(board: Board, cell: HTMLElement, items: NewCard[], verb = "Add", after?: HTMLElement): HTMLElement[] {
  const deeds: Deed[] = [];
  const step = board.history.add(what(verb, items.map((item) => item.title)), deeds);
  let last = after;
  const cards = items.map((item) => {
    const card = blank(board, item, cell);
    insert(cell, card, (last?.nextElementSibling as HTMLElement | null | undefined) ?? null);
    last = card;
    deeds.push({ kind: "add", card: idOf(card), drawn: drawing(card) });
    store(board, card, item, step);
    return card;
  });
  return cards;
}

function store(board: Board, card: HTMLElement, item: NewCard, step: Step): void {
  const id = idOf(card);
  const { stage, lane, after } = placeOf(card);
  const words: Fields = item.copies ? [["source", item.copies]] : item.text ? [["text", item.text]] : [];
  board.outbox.add({
    kind: "create",
    card: id,
    url: item.url ?? (item.copies ? board.copiesUrl : board.cardsUrl),
    fields: [...Object.entries({ id, stage, lane, title: item.title, after }), ...words, ...(item.fields ?? [])],
    step: step.id,
    ...(item.picture ? { file: item.picture } : {}),
  });
}

export function blank(board: Board, item: NewCard, cell: HTMLElement, id = newId()): HTMLElement {
  const card = fromHtml(need<HTMLTemplateElement>("#card-blank").innerHTML);
  card.id = `card-${id}`;
  note(card, "");
  const { stage, lane, kind } = cell.dataset;
  Object.assign(card.dataset, { card: id, revision: "0", stage, lane, kind, order: "\uffff" });
  const opener = openerOf(card);
  opener?.setAttribute("href", board.url(id, "edit"));
  if (opener) opener.tabIndex = -1;
  setTitle(card, item.title);
  showText(card, item.text ?? "");
  if (item.picture) showPicture(card, item.picture);
  return card;
}

export function showText(card: HTMLElement, text: string): void {
  const box = card.querySelector<HTMLElement>("[data-text]");
  if (!box) return;
  const words = withoutMarks(text);
  if (sameWords(box, words)) return; // it stands there already, with its look
  box.textContent = words;
  box.hidden = !words;
}

/** The words alone, until the server draws them with the look that they were typed with. */
function withoutMarks(text: string): string {
  return text
    .replace(/\[([^\]\n]*)\]\((?:https?:|mailto:)[^)\s]*\)/g, "$1")
    .replace(/(\*{1,3})(\S(?:[^*\n]*\S)?)\1/g, "$2")
    .replace(/^ *- /gm, "• ");
}

function sameWords(box: HTMLElement, words: string): boolean {
  const bare = (given: string): string => given.replace(/^ *(?:•|\d{1,3}\.) /gm, "").replace(/\s+/g, " ").trim();
  return bare(box.textContent ?? "") === bare(words);
}

function showPicture(card: HTMLElement, file: File): void {
  const picture = document.createElement("img");
  const address = URL.createObjectURL(file);
  picture.className = "card-picture";
  picture.alt = "";
  picture.onload = () => URL.revokeObjectURL(address);
  picture.src = address;
  card.querySelector("img.card-picture")?.remove();
  card.prepend(picture);
}

/** Copies of cards: each behind its original, or all behind `after` in `cell`. */
export function duplicate(board: Board, cards: HTMLElement[]): void {
  const made = cards.flatMap((card) => {
    const cell = cellOf(card);
    return cell ? addCards(board, cell, [{ title: titleOf(card), copies: idOf(card) }], "Duplicate", card) : [];
  });
  mergeSteps(board, cards.length, what("Duplicate", cards.map(titleOf)));
  const [first] = made;
  if (made.length > 1) board.selection.only(made);
  else if (first) openerOf(first)?.focus();
  announce(made.length > 1 ? say("duplicatedMany", { n: made.length }) : say("duplicated", { title: first ? titleOf(first) : "" }));
}

/** The last `n` steps become one. */
function mergeSteps(board: Board, n: number, words: string): void {
  if (n > 1) board.history.merge(n, words);
}

/** An edit: `before` are the fields as they were, or null when nobody can say. */
export function editCard(board: Board, id: string, revision: number, data: FormData, before: Fields | null): void {
  const card = board.card(id);
  const file = data.get("picture");
  const picture = file instanceof File && file.size ? file : undefined;
  const fields = [...data.entries()].filter(
    (entry): entry is [string, string] => typeof entry[1] === "string" && !FORM_ONLY.has(entry[0]),
  );
  const title = card ? titleOf(card) : "";
  const pictureBefore = card ? pictureIn(card) : "";
  if (card) {
    board.showWords(card, new Map(fields));
    if (picture) showPicture(card, picture);
  }
  const deed: Deed = { kind: "edit", card: id, before: [...(before ?? [])], after: fields };
  const step = before ? board.history.add(what("Edit", [title || String(data.get("title") ?? "")]), [deed]) : undefined;
  if (before && (picture || data.get("remove_picture"))) board.pictures.set(id, { deed, before: pictureBefore });
  board.outbox.add({
    kind: "edit",
    card: id,
    url: board.url(id, "edit"),
    fields,
    revision,
    ...(step ? { step: step.id } : {}),
    ...(picture ? { file: picture } : {}),
  });
}

/** The id of the picture that a card shows, or nothing. */
export function pictureIn(card: HTMLElement): string {
  const source = card.querySelector("img.card-picture")?.getAttribute("src") ?? "";
  return /\/map\/pictures\/([0-9a-f-]{36})\//.exec(source)?.[1] ?? "";
}

export const pictureField = (id: string): [string, string] => (id ? ["picture_id", id] : ["remove_picture", "1"]);

/** The fields of the open form as the server drew them: what an undo of its edit brings back. */
export function fieldsBefore(id: string): Fields | null {
  const form = document.querySelector<HTMLFormElement>(`#card-drawer form[data-card-form="${CSS.escape(id)}"]`);
  if (!form) return null;
  const fields: Fields = [];
  for (const field of form.elements) {
    if (field instanceof HTMLSelectElement) {
      const chosen = [...field.options].filter((option) => option.defaultSelected);
      const value = chosen.at(-1)?.value ?? (field.multiple ? undefined : field.options[0]?.value);
      if (field.name && value !== undefined) fields.push([field.name, value]);
    } else if (field instanceof HTMLTextAreaElement) {
      if (field.name) fields.push([field.name, field.defaultValue]);
    } else if (field instanceof HTMLInputElement && field.name && field.type !== "file") {
      if (["checkbox", "radio"].includes(field.type) ? field.defaultChecked : true) fields.push([field.name, field.defaultValue]);
    }
  }
  return fields.filter(([name]) => !FORM_ONLY.has(name));
}

export interface Moved {
  card: HTMLElement;
  from: Place;
}

/** The revision the person saw; while the card's own changes wait, it is known when their turn comes. */
function seen(board: Board, card: HTMLElement): { revision?: number } {
  return board.outbox.waitsFor(idOf(card)) ? {} : { revision: revisionOf(card) };
}

/** The cards stand in their new places already; each `from` is where it stood before any of them moved. */
export function movedCards(board: Board, moves: Moved[]): void {
  const moved = moves.filter(({ card, from }) => cellOf(card) && !samePlace(from, placeOf(card)));
  const group = moves.map(({ card }) => card);
  const [first] = moved;
  if (!first) return;
  const deeds: Deed[] = [];
  const step = board.history.add(what("Move", moved.map(({ card }) => titleOf(card))), deeds);
  for (const { card, from } of moved) {
    const to = placeAmong(card, group);
    deeds.push({ kind: "move", card: idOf(card), from, to });
    board.standsIn(card);
    const id = idOf(card);
    board.outbox.add({ kind: "move", card: id, url: board.url(id, "move"), fields: Object.entries(to), step: step.id, ...seen(board, card) });
  }
  const cell = cellOf(first.card);
  if (!cell) return;
  const names = board.names(cell);
  if (moved.length > 1) announce(say("movedMany", { n: moved.length, ...names }));
  else announce(say("moved", { title: titleOf(first.card), ...names, place: board.rank(first.card) }));
}

/** The server moves one card after the other: a neighbour that has yet to come can't say where. */
function placeAmong(card: HTMLElement, group: HTMLElement[]): Place {
  const place = placeOf(card);
  if (group.length === 1) return place;
  if (place.after) return { ...place, before: "" };
  const next = group.find((other) => idOf(other) === place.before);
  return next ? { ...place, before: outside(next, group) } : place;
}

function outside(card: HTMLElement, group: HTMLElement[]): string {
  let next: Element | null = card;
  while (next instanceof HTMLElement && group.includes(next)) next = next.nextElementSibling;
  return next instanceof HTMLElement ? idOf(next) : "";
}

export function deleteCards(board: Board, cards: HTMLElement[]): void {
  const [first] = cards;
  if (!first) return;
  const titles = cards.map(titleOf);
  const deeds: Deed[] = [];
  const step = board.history.add(what("Delete", titles), deeds);
  const cell = cellOf(first);
  const last = cards.at(-1);
  const next = (last?.nextElementSibling ?? first.previousElementSibling) as HTMLElement | null;
  const hadFocus = cards.some((card) => card.contains(document.activeElement)) || document.activeElement === document.body;
  for (const card of cards) {
    const id = idOf(card);
    deeds.push({ kind: "delete", card: id, drawn: drawing(card) });
    card.remove();
    board.outbox.add({ kind: "delete", card: id, url: board.url(id, "delete"), fields: [], step: step.id, expects: "all", ...seen(board, card) });
  }
  if (hadFocus) ((next && openerOf(next)) ?? cell?.querySelector<HTMLElement>("[data-add]"))?.focus();
  const sentence = cards.length > 1 ? say("deletedMany", { n: cards.length }) : say("deleted", { title: titles[0] ?? "" });
  announce(sentence);
  toast(sentence, { undo: () => void undo(board, step) });
}

/** Moves cards behind `after` in a cell, or in front of the others; for “Move to…”. */
export function moveAll(board: Board, cards: HTMLElement[], target: HTMLElement, next: HTMLElement | null): void {
  const moves = cards.map((card) => ({ card, from: placeOf(card) }));
  for (const card of cards) insert(target, card, next);
  movedCards(board, moves);
}

export const everyCard = (board: Board): HTMLElement[] => all<HTMLElement>("[data-card]", board.element);

