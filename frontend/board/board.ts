// The board: the custom element around the map's table. Its parts live in the files beside this one.
import { all, fromHtml, need } from "../shared/dom";
import { type Answer, Unreachable, send } from "../shared/net";
import { toast } from "../shared/toasts";
import {
  type Place,
  cellOf,
  findCard,
  findCell,
  idOf,
  insert,
  newId,
  note,
  openerOf,
  placeOf,
  putByOrder,
  redraw,
  revisionOf,
  samePlace,
  setTitle,
  titleOf,
} from "./cards";
import { reopenDrawer } from "./drawer";
import { openMerge } from "./merge";
import { type Change, Outbox } from "./outbox";
import { announce, say } from "./words";

/** What a form carries for browsers without scripts; here the headers say it. */
const FORM_ONLY = new Set(["csrfmiddlewaretoken", "revision"]);

export class Board {
  readonly cardsUrl: string;
  readonly mayEdit: boolean;
  readonly me: string;
  readonly outbox: Outbox;
  /** Live changes of cards that have changes of their own on the way. */
  private readonly postponed = new Map<string, number>();

  constructor(readonly element: HTMLElement) {
    this.cardsUrl = element.dataset["cards"] ?? "";
    this.mayEdit = "edit" in element.dataset;
    this.me = element.dataset["me"] ?? "";
    this.outbox = new Outbox(`parcours:board:${element.dataset["journey"]}:${this.me}`, {
      revision: (id) => {
        const card = findCard(element, id);
        return card ? revisionOf(card) : undefined;
      },
      answered: (change, answer) => this.answered(change, answer),
      pending: (id, pending) => this.showPending(id, pending),
      waiting: (count) => {
        if (count) element.dataset["waiting"] = String(count);
        else delete element.dataset["waiting"];
      },
      refused: (change) => this.refused(change, ""),
    });
    if (this.mayEdit) for (const change of this.outbox.start()) this.replay(change);
  }

  card(id: string): HTMLElement | null {
    return findCard(this.element, id);
  }

  url(id: string, verb = ""): string {
    return `${this.cardsUrl}${id}/${verb ? `${verb}/` : ""}`;
  }

  // What a person does: shown at once, stored behind

  create(cell: HTMLElement, title: string): HTMLElement {
    const id = newId();
    const card = this.blank(id, title, cell);
    insert(cell, card, null);
    const { stage, lane, after } = placeOf(card);
    this.outbox.add({
      kind: "create",
      card: id,
      url: this.cardsUrl,
      fields: Object.entries({ id, stage, lane, title, after }),
    });
    announce(say("added", { title, ...this.names(cell) }));
    return card;
  }

  edit(id: string, revision: number, data: FormData): void {
    const card = this.card(id);
    const file = data.get("picture");
    const fields = [...data.entries()].filter(
      (entry): entry is [string, string] => typeof entry[1] === "string" && !FORM_ONLY.has(entry[0]),
    );
    if (card) this.showWords(card, data);
    this.outbox.add({
      kind: "edit",
      card: id,
      url: this.url(id, "edit"),
      fields,
      revision,
      ...(file instanceof File && file.size ? { file } : {}),
    });
  }

  /** The card stands in its new place already; `from` is where it stood. */
  moved(card: HTMLElement, from: Place): void {
    const place = placeOf(card);
    const cell = cellOf(card);
    if (!cell || samePlace(from, place)) return;
    Object.assign(card.dataset, { stage: place.stage, lane: place.lane, kind: cell.dataset["kind"] });
    card.dataset["order"] = this.orderAfter(place.after);
    this.outbox.add({ kind: "move", card: idOf(card), url: this.url(idOf(card), "move"), fields: Object.entries(place) });
    announce(say("moved", { title: titleOf(card), ...this.names(cell), place: this.rank(card) }));
  }

  delete(card: HTMLElement): void {
    const id = idOf(card);
    const title = titleOf(card);
    const revision = revisionOf(card);
    const cell = cellOf(card);
    const next = (card.nextElementSibling ?? card.previousElementSibling) as HTMLElement | null;
    const hadFocus = card.contains(document.activeElement);
    card.remove();
    if (hadFocus || document.activeElement === document.body) {
      ((next && openerOf(next)) ?? cell?.querySelector<HTMLElement>("[data-add]"))?.focus();
    }
    this.outbox.add({ kind: "delete", card: id, url: this.url(id, "delete"), fields: [], revision });
    announce(say("deleted", { title }));
    toast(say("deleted", { title }), { undo: () => this.restore(id, card) });
  }

  private restore(id: string, card: HTMLElement): void {
    putByOrder(this.element, card);
    openerOf(card)?.focus();
    this.outbox.add({ kind: "restore", card: id, url: this.url(id, "restore"), fields: [] });
    announce(say("restored", { title: titleOf(card) }));
  }

  // What the server says

  private answered(change: Change, answer: Answer): void {
    const { status } = answer;
    if (status === 401) toast(say("signedOut"), { bad: true });
    else if (status === 409 || status === 404) this.conflict(change, answer);
    else if (status === 422 && change.kind === "edit") reopenDrawer(this, answer.text);
    else if (status >= 400) this.refused(change, textOf(answer.text));
    else this.stored(change, answer);
    void this.catchUp(change.card);
  }

  private stored(change: Change, answer: Answer): void {
    if (change.kind === "delete") return;
    const later = this.outbox.waitsFor(change.card);
    if (later) {
      const card = this.card(change.card);
      if (card && answer.etag) card.dataset["revision"] = answer.etag;
    } else if (answer.text.trim()) redraw(this.element, answer.text);
  }

  private conflict(change: Change, answer: Answer): void {
    const card = this.card(change.card);
    if (change.kind === "edit" && answer.status === 409 && answer.text.includes("data-merge-part")) {
      openMerge(this, answer.text);
      return;
    }
    if (change.kind === "delete" && answer.status === 404) return;
    const title = card ? titleOf(card) : "";
    void this.refetch(change.card).then((now) => {
      if (!now) {
        if (change.kind !== "delete") toast(say("gone"), { bad: true });
        return;
      }
      const wanted = Object.fromEntries(change.fields);
      const there = now.dataset["stage"] === wanted["stage"] && now.dataset["lane"] === wanted["lane"];
      const asWanted = change.kind === "move" && there;
      if (!asWanted && change.kind !== "edit") toast(say("elsewhere", { title: title || titleOf(now) }), { bad: true });
    });
  }

  private refused(change: Change, reason: string): void {
    toast(say("refused", { reason }), { bad: true });
    if (change.kind === "create") this.card(change.card)?.remove();
    else void this.refetch(change.card);
  }

  /** Draws the card as it is stored now; takes it off the map when it is gone. */
  async refetch(id: string, fresh = false): Promise<HTMLElement | null> {
    try {
      const answer = await send(this.url(id));
      if (answer.status === 404) {
        this.card(id)?.remove();
        return null;
      }
      return answer.status === 200 ? redraw(this.element, answer.text, { fresh }) : this.card(id);
    } catch (error) {
      if (error instanceof Unreachable) return this.card(id);
      throw error;
    }
  }

  // What others did

  /** A card changed elsewhere to this revision; own changes come back this way too and are known already. */
  async changedElsewhere(id: string, revision: number, mine: boolean): Promise<void> {
    if (this.outbox.waitsFor(id) || this.element.querySelector(`[data-card="${CSS.escape(id)}"][data-held]`)) {
      this.postponed.set(id, revision);
      return;
    }
    const card = this.card(id);
    if (!card || revisionOf(card) < revision) await this.refetch(id, !mine);
  }

  /** A deletion elsewhere of a card that stands here. */
  goneElsewhere(id: string): void {
    if (!this.outbox.waitsFor(id)) this.card(id)?.remove();
  }

  async catchUp(id: string): Promise<void> {
    const revision = this.postponed.get(id);
    if (revision === undefined || this.outbox.waitsFor(id)) return;
    this.postponed.delete(id);
    const card = this.card(id);
    if (card && revisionOf(card) < revision) await this.refetch(id);
  }

  // Drawing

  names(cell: HTMLElement): { stage: string; lane: string } {
    return { stage: cell.dataset["stageName"] ?? "", lane: cell.dataset["laneName"] ?? "" };
  }

  rank(card: HTMLElement): number {
    return [...(card.parentElement?.querySelectorAll(":scope > [data-card]") ?? [])].indexOf(card) + 1;
  }

  private blank(id: string, title: string, cell: HTMLElement): HTMLElement {
    const card = fromHtml(need<HTMLTemplateElement>("#card-blank").innerHTML);
    card.id = `card-${id}`;
    note(card, "");
    const { stage, lane, kind } = cell.dataset;
    Object.assign(card.dataset, { card: id, revision: "0", stage, lane, kind, order: "\uffff" });
    const opener = openerOf(card);
    opener?.setAttribute("href", this.url(id, "edit"));
    if (opener) opener.tabIndex = -1;
    setTitle(card, title);
    return card;
  }

  private showWords(card: HTMLElement, data: FormData): void {
    const title = String(data.get("title") ?? "").trim();
    const text = String(data.get("text") ?? "").trim();
    if (title) setTitle(card, title);
    const textBox = card.querySelector<HTMLElement>("[data-text]");
    if (textBox) {
      textBox.textContent = text;
      textBox.hidden = !text;
    }
  }

  private showPending(id: string, pending: boolean): void {
    const card = this.card(id);
    if (!card) return;
    if (pending) card.dataset["pending"] = "";
    else delete card.dataset["pending"];
    note(card, pending ? say("pending") : card.dataset["leased"] ? say("editing", { name: card.dataset["leased"] }) : "");
  }

  /** Good until the server answers with the true key. */
  private orderAfter(id: string): string {
    return id ? `${this.card(id)?.dataset["order"] ?? ""}0` : "";
  }

  /** Shows again what a page load has forgotten but this browser has not. */
  private replay(change: Change): void {
    const wanted = Object.fromEntries(change.fields);
    const card = this.card(change.card);
    if (change.kind === "create" && !card) {
      const cell = findCell(this.element, wanted["stage"] ?? "", wanted["lane"] ?? "");
      if (cell) insert(cell, this.blank(change.card, wanted["title"] ?? "", cell), null);
    } else if (card && change.kind === "delete") card.remove();
    else if (card && change.kind === "move") {
      const cell = findCell(this.element, wanted["stage"] ?? "", wanted["lane"] ?? "");
      if (cell) insert(cell, card, this.card(wanted["before"] ?? ""));
    } else if (card && change.kind === "edit") {
      const data = new FormData();
      for (const [name, value] of change.fields) data.append(name, value);
      this.showWords(card, data);
    }
    this.showPending(change.card, true);
  }
}

function textOf(html: string): string {
  const box = document.createElement("template");
  box.innerHTML = html;
  return (box.content.textContent ?? "").replace(/\s+/g, " ").trim().slice(0, 300);
}

/** Every stop of the arrow keys, column by column. */
export function stopsIn(cell: HTMLElement): HTMLElement[] {
  return all<HTMLElement>("[data-card-open], [data-add]", cell).filter((stop) => stop.offsetParent !== null);
}
