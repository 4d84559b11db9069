// Undo and redo: each deed backwards or forwards, unless somebody else has changed the card since.
import { all, fromHtml, need } from "../shared/dom";
import { toast } from "../shared/toasts";
import type { Board } from "./board";
import { cellOf, openerOf, putByOrder, standAt, titleOf } from "./cards";
import type { Deed, Step } from "./history";
import { announce, say } from "./words";

export async function undo(board: Board, step?: Step): Promise<void> {
  const taken = board.history.takeBack(step);
  if (!taken) announce(say("nothingToUndo"));
  else if (await run(board, [...taken.deeds].reverse(), true, taken.id)) tell(say("undone", { what: taken.what }));
}

export async function redo(board: Board): Promise<void> {
  const taken = board.history.takeForth();
  if (!taken) announce(say("nothingToRedo"));
  else if (await run(board, taken.deeds, false, taken.id)) tell(say("redone", { what: taken.what }));
}

function tell(sentence: string): void {
  for (const old of all("#toasts [data-undone]")) old.remove();
  toast(sentence).dataset["undone"] = "";
  announce(sentence);
}

/** True when at least one deed could be done. */
async function run(board: Board, deeds: Deed[], back: boolean, step: number): Promise<boolean> {
  let some = false;
  for (const deed of deeds) {
    const kept = board.history.isLost(deed) ? theirs(board, deed) : undefined;
    if (kept !== undefined) toast(say("keptTheirs", { title: kept }), { bad: true });
    else if (deed.kind === "axis") {
      if (await (back ? deed.back() : deed.forth())) some = true;
      else toast(say("axisChanged", { title: deed.title }), { bad: true });
    } else if (onCard(board, deed, back, step)) some = true;
  }
  return some;
}

function theirs(board: Board, deed: Deed): string | undefined {
  if (deed.kind === "axis") return deed.title;
  const card = board.card(deed.card);
  return card ? titleOf(card) : titleOf(fromHtml("drawn" in deed && deed.drawn ? deed.drawn : "<li></li>"));
}

type CardDeed = Exclude<Deed, { kind: "axis" }>;

function onCard(board: Board, deed: CardDeed, back: boolean, step: number): boolean {
  const card = board.card(deed.card);
  if ("drawn" in deed) {
    const goes = (deed.kind === "add") === back;
    if (goes && card) takeAway(board, deed, card, step);
    else if (!goes && !card) bring(board, deed, step);
    else return false;
    return true;
  }
  if (!card) {
    toast(say("gone"), { bad: true });
    return false;
  }
  const common = { card: deed.card, step, undoing: true, ...expecting(board, deed) };
  if (deed.kind === "move") {
    const to = back ? deed.from : deed.to;
    if (!standAt(board.element, card, to)) return false;
    board.standsIn(card);
    board.outbox.add({ kind: "move", url: board.url(deed.card, "move"), fields: Object.entries(to), ...common });
  } else {
    const fields = back ? deed.before : deed.after;
    board.showWords(card, new Map(fields));
    board.outbox.add({ kind: "edit", url: board.url(deed.card, "edit"), fields, ...common });
  }
  openerOf(card)?.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  return true;
}

/** The revision that the server has to find; while the card's own changes wait, it is known when their turn comes. */
function expecting(board: Board, deed: CardDeed): { expects: "content" | "place" | "all"; revision?: number } {
  const expects = deed.kind === "edit" ? "content" : deed.kind === "move" ? "place" : "all";
  const revision = board.outbox.waitsFor(deed.card) ? undefined : board.history.expected(deed.card, expects);
  return revision === undefined ? { expects } : { expects, revision };
}

function takeAway(board: Board, deed: CardDeed & { drawn: string }, card: HTMLElement, step: number): void {
  deed.drawn = drawing(card);
  const cell = cellOf(card);
  const hadFocus = card.contains(document.activeElement);
  card.remove();
  if (hadFocus) cell?.querySelector<HTMLElement>("[data-card-open], [data-add]")?.focus();
  const common = { card: deed.card, step, undoing: true, ...expecting(board, deed) };
  board.outbox.add({ kind: "delete", url: board.url(deed.card, "delete"), fields: [], ...common });
}

function bring(board: Board, deed: CardDeed & { drawn: string }, step: number): void {
  const card = fromHtml(deed.drawn);
  putByOrder(board.element, card);
  openerOf(card)?.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  board.outbox.add({ kind: "restore", card: deed.card, url: board.url(deed.card, "restore"), fields: [], step, undoing: true });
}

/** The card as it can be drawn again, without what is going on with it now. */
export function drawing(card: HTMLElement): string {
  const copy = card.cloneNode(true) as HTMLElement;
  for (const name of ["selected", "held", "grabbed", "origin", "pending", "fresh", "hit"]) delete copy.dataset[name];
  copy.querySelector("[data-note]")?.remove();
  return copy.outerHTML;
}

/** The two buttons say what they would undo or do again. */
export function startUndo(board: Board, signal: AbortSignal): void {
  const back = document.querySelector<HTMLElement>("[data-step-back]");
  const forth = document.querySelector<HTMLElement>("[data-step-forth]");
  if (!back || !forth) return;
  const words = { back: back.dataset["words"] ?? back.title, forth: forth.dataset["words"] ?? forth.title };
  Object.assign(back.dataset, { words: words.back });
  Object.assign(forth.dataset, { words: words.forth });
  const show = (button: HTMLElement, word: string, step: Step | undefined): void => {
    const sentence = step ? `${word}: ${step.what}` : word;
    button.setAttribute("aria-disabled", String(!step));
    button.title = sentence;
    need("[data-tool-words]", button).textContent = sentence;
  };
  board.history.onchange = () => {
    show(back, words.back, board.history.undoable);
    show(forth, words.forth, board.history.redoable);
  };
  board.history.onchange();
  back.addEventListener("click", () => void undo(board), { signal });
  forth.addEventListener("click", () => void redo(board), { signal });
}
