// Copying cards as text and as themselves; pasting cards, the rows of a table or a picture into a cell.
import { isTyping } from "../shared/dom";
import { toast } from "../shared/toasts";
import type { Board } from "./board";
import { cardsIn, cellOf, idOf, openerOf, revisionOf, titleOf } from "./cards";
import { type NewCard, addCards } from "./deeds";
import { announce, say } from "./words";

const CARDS = "application/x-parcours-cards";
const MOST_ROWS = 200;
const MOST_TITLE = 200;
const MOST_BYTES = 10 * 1024 * 1024;
const HEADS = ["title", "titre"];

/** Goes through the browser's own “copy”, which asks `onCopy` below. */
export function copySelected(): void {
  document.execCommand("copy");
}

export function startClip(board: Board, signal: AbortSignal): void {
  let last: HTMLElement | undefined;
  board.element.addEventListener(
    "focusin",
    (event) => {
      if (event.target instanceof Element) last = event.target.closest<HTMLElement>("[data-cell]") ?? last;
    },
    { signal },
  );
  document.addEventListener("copy", (event) => onCopy(board, event), { signal });
  document.addEventListener(
    "paste",
    (event) => {
      if (document.querySelector("dialog[open]") || !event.clipboardData) return;
      const composing = event.target instanceof Element && event.target.closest("[data-composer]") !== null;
      if (isTyping(event.target) && !(composing && event.clipboardData.getData("text/plain").trim().includes("\n"))) return;
      const focused = document.activeElement?.closest<HTMLElement>("[data-cell]");
      const cell = focused ?? (last?.isConnected ? last : undefined);
      if (paste(board, event.clipboardData, cell)) event.preventDefault();
    },
    { signal },
  );
}

// Copying

function onCopy(board: Board, event: ClipboardEvent): void {
  if (isTyping(document.activeElement) || document.querySelector("dialog[open]") || !getSelection()?.isCollapsed) return;
  const focused = document.activeElement?.closest<HTMLElement>("[data-card]");
  const selected = board.selection.cards;
  const cards = selected.length ? selected : focused ? [focused] : [];
  if (!cards.length || !event.clipboardData) return;
  event.preventDefault();
  event.clipboardData.setData("text/plain", cards.map(asRow).join("\n"));
  const ids = cards.map((card) => ({ id: idOf(card), title: titleOf(card) }));
  event.clipboardData.setData(CARDS, JSON.stringify(ids));
  const sentence = cards.length > 1 ? say("copiedMany", { n: cards.length }) : say("copied");
  toast(sentence);
  announce(sentence);
}

/** Title, text, stage and row: a table's line. */
function asRow(card: HTMLElement): string {
  const cell = cellOf(card);
  const text = card.querySelector("[data-text]")?.textContent ?? "";
  const title = card.querySelector("[data-title]")?.textContent ?? "";
  return [title, text, cell?.dataset["stageName"] ?? "", cell?.dataset["laneName"] ?? ""].map(quoted).join("\t");
}

function quoted(words: string): string {
  const bare = words.trim();
  return /[\t\n"]/.test(bare) ? `"${bare.replaceAll('"', '""')}"` : bare;
}

// Pasting

function paste(board: Board, data: DataTransfer, cell: HTMLElement | undefined): boolean {
  const picture = [...data.files].find((file) => file.type.startsWith("image/"));
  const copied = data.getData(CARDS);
  const text = data.getData("text/plain");
  if (!picture && !copied && !text.trim()) return false;
  if (!cell) {
    toast(say("pasteWhere"));
    return true;
  }
  if (picture) pastePicture(board, picture, cell);
  else pasteCards(board, cell, copied ? copies(copied) : rows(text));
  return true;
}

function pastePicture(board: Board, picture: File, cell: HTMLElement): void {
  if (picture.size > MOST_BYTES) {
    toast(say("tooLarge"), { bad: true });
    return;
  }
  const card = document.activeElement?.closest<HTMLElement>("[data-card]");
  if (!card) {
    pasteCards(board, cell, [{ title: "", picture }]);
    return;
  }
  const fields = new FormData();
  fields.append("picture", picture);
  board.edit(idOf(card), revisionOf(card), fields, []);
}

function pasteCards(board: Board, cell: HTMLElement, items: NewCard[]): void {
  if (items.length > MOST_ROWS) toast(say("tooManyRows", { n: MOST_ROWS }));
  const after = document.activeElement?.closest<HTMLElement>("[data-card]") ?? cardsIn(cell).at(-1);
  const made = addCards(board, cell, items.slice(0, MOST_ROWS), "Add", after && cellOf(after) === cell ? after : undefined);
  const [first] = made;
  if (first) openerOf(first)?.focus();
  announce(say(made.length === 1 ? "pastedOne" : "pasted", { n: made.length, ...board.names(cell) }));
}

function copies(text: string): NewCard[] {
  const cards = JSON.parse(text) as { id: string; title: string }[];
  return cards.map(({ id, title }) => ({ title, copies: id }));
}

/** One card a row: its first column is the title, the others are the text. */
export function rows(text: string): NewCard[] {
  const table = cells(text).filter((row) => row.some(Boolean));
  const [head] = table;
  if (table.length > 1 && HEADS.includes((head?.[0] ?? "").toLowerCase())) table.shift();
  return table.map((row) => {
    const [first, ...others] = row.filter(Boolean);
    const title = (first ?? "").replace(/\s+/g, " ");
    const long = title.length > MOST_TITLE;
    return {
      title: long ? `${title.slice(0, MOST_TITLE - 1)}…` : title,
      text: [...(long ? [title] : []), ...others].join("\n"),
    };
  });
}

/** A table as spreadsheets copy it: tabs between cells; quotes around a cell with tabs, quotes or line ends in it. */
function cells(text: string): string[][] {
  const table: string[][] = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/gy;
  const tidy = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  while (pattern.lastIndex < tidy.length) {
    const [, inQuotes, bare, end] = pattern.exec(tidy) ?? [];
    if (end === undefined) return plainLines(tidy);
    table.at(-1)?.push((inQuotes?.replaceAll('""', '"') ?? bare ?? "").trim());
    if (end === "\n") table.push([]);
  }
  return table;
}

/** Words that begin with a quotation mark are no cell in quotes. */
const plainLines = (text: string): string[][] => text.split("\n").map((line) => line.split("\t").map((cell) => cell.trim()));
