// The board: the custom element around the map's table. Its parts live in the files beside this one.
import { all } from "../shared/dom";
import { type Answer, Unreachable, send } from "../shared/net";
import { toast } from "../shared/toasts";
import {
  type Place,
  cellOf,
  findCard,
  findCell,
  insert,
  note,
  placeOf,
  redraw,
  revisionOf,
  setTitle,
  titleOf,
} from "./cards";
import {
  addCards,
  blank,
  deleteCards,
  editCard,
  fieldsBefore,
  movedCards,
  pictureField,
  pictureIn,
  showText,
} from "./deeds";
import { reopenDrawer } from "./drawer";
import { type Aspect, type Deed, type Fields, type History, historyOf } from "./history";
import { openMerge } from "./merge";
import { type Change, Outbox } from "./outbox";
import { Selection } from "./select";
import { announce, say } from "./words";

/** What of a card each change is about. */
const ASPECTS: Record<Change["kind"], Aspect> = { create: "all", edit: "content", move: "place", delete: "all", restore: "all" };

const without = (fields: Fields): Fields => fields.filter(([name]) => !["picture_id", "remove_picture"].includes(name));

export class Board {
  readonly cardsUrl: string;
  readonly mayEdit: boolean;
  readonly me: string;
  readonly outbox: Outbox;
  readonly history: History;
  readonly selection: Selection;
  /** Edits on their way that change a picture, with the picture that was. */
  readonly pictures = new Map<string, { deed: Deed; before: string }>();
  /** What a card was before an edit that the server has refused and that is still being written. */
  private readonly befores = new Map<string, Fields>();
  /** Live changes of cards that have changes of their own on the way. */
  private readonly postponed = new Map<string, number>();

  constructor(readonly element: HTMLElement) {
    this.cardsUrl = element.dataset["cards"] ?? "";
    this.mayEdit = "edit" in element.dataset;
    this.me = element.dataset["me"] ?? "";
    this.history = historyOf(element.dataset["journey"] ?? "");
    this.selection = new Selection(this);
    this.outbox = new Outbox(`parcours:board:${element.dataset["journey"]}:${this.me}`, {
      revision: (id, expects) => {
        const own = expects && this.history.expected(id, expects);
        if (own !== undefined) return own;
        const card = findCard(element, id);
        return card ? revisionOf(card) : this.history.expected(id, "all");
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

  /** Where copies of cards are made. */
  get copiesUrl(): string {
    return this.mapUrl + "copies/";
  }

  /** The address of the map itself, on which those of its parts stand. */
  get mapUrl(): string {
    return this.cardsUrl.replace(/cards\/$/, "");
  }

  card(id: string): HTMLElement | null {
    return findCard(this.element, id);
  }

  url(id: string, verb = ""): string {
    return `${this.cardsUrl}${id}/${verb ? `${verb}/` : ""}`;
  }

  // What a person does: shown at once, stored behind

  create(cell: HTMLElement, title: string, fields: Fields = []): HTMLElement {
    const [card] = addCards(this, cell, [{ title, fields }]);
    announce(say("added", { title, ...this.names(cell) }));
    return card as HTMLElement;
  }

  /** `before` are the fields as they were, for undo: those of the open form when none are given, null for unknown. */
  edit(id: string, revision: number, data: FormData, before?: Fields | null): void {
    const known = before === undefined ? (this.befores.get(id) ?? fieldsBefore(id)) : before;
    this.befores.delete(id);
    editCard(this, id, revision, data, known);
  }

  /** The card stands in its new place already; `from` is where it stood. */
  moved(card: HTMLElement, from: Place): void {
    movedCards(this, [{ card, from }]);
  }

  delete(card: HTMLElement): void {
    deleteCards(this, [card]);
  }

  /** Tells the card where it stands now; its order key is a guess until the server answers with the true one. */
  standsIn(card: HTMLElement): void {
    const { stage, lane, after } = placeOf(card);
    const order = after ? `${this.card(after)?.dataset["order"] ?? ""}0` : "";
    Object.assign(card.dataset, { stage, lane, kind: cellOf(card)?.dataset["kind"], order });
  }

  // What the server says

  private answered(change: Change, answer: Answer): void {
    const { status } = answer;
    if (status === 401) toast(say("signedOut"), { bad: true });
    else if (status === 409 || status === 404) this.conflict(change, answer);
    else if (status === 422 && change.kind === "edit" && !change.undoing) {
      const deed = this.history.forget(change.step, change.card);
      if (deed?.kind === "edit") this.befores.set(change.card, deed.before);
      reopenDrawer(this, answer.text);
    } else if (status >= 400) this.refused(change, textOf(answer.text));
    else this.stored(change, answer);
    void this.catchUp(change.card);
  }

  private stored(change: Change, answer: Answer): void {
    if (answer.etag) this.history.stored(change.card, ASPECTS[change.kind], Number(answer.etag));
    if (change.kind === "delete") return;
    const later = this.outbox.waitsFor(change.card);
    if (later) {
      const card = this.card(change.card);
      if (card && answer.etag) card.dataset["revision"] = answer.etag;
    } else if (answer.text.trim()) {
      const drawn = redraw(this.element, answer.text);
      if (drawn) this.keepPicture(change, drawn);
    }
  }

  /** A picture gets its name from the server: only now can an undo say which one went and which one came. */
  private keepPicture(change: Change, drawn: HTMLElement): void {
    const kept = this.pictures.get(change.card);
    if (change.kind !== "edit" || kept?.deed.kind !== "edit") return;
    this.pictures.delete(change.card);
    const { deed } = kept;
    deed.before = [...without(deed.before), pictureField(kept.before)];
    deed.after = [...without(deed.after), pictureField(pictureIn(drawn))];
  }

  private conflict(change: Change, answer: Answer): void {
    const card = this.card(change.card);
    if (!change.undoing) this.history.forget(change.step, change.card);
    this.history.lose(change.card, ASPECTS[change.kind]);
    if (change.kind === "edit" && !change.undoing && answer.status === 409 && answer.text.includes("data-merge-part")) {
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
      const asWanted = change.kind === "move" && there && !change.undoing;
      if (asWanted || (change.kind === "edit" && !change.undoing)) return;
      toast(say(change.undoing ? "keptTheirs" : "elsewhere", { title: title || titleOf(now) }), { bad: true });
    });
  }

  private refused(change: Change, reason: string): void {
    toast(say("refused", { reason }), { bad: true });
    this.history.forget(change.step, change.card);
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
  async changedElsewhere(id: string, revision: number, mine: boolean, aspect: Aspect): Promise<void> {
    if (!mine) this.history.lose(id, aspect);
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

  /** What stands on a card beside its words has changed: its revision is the same, its drawing is not. */
  async marked(id: string): Promise<void> {
    const held = this.element.querySelector(`[data-card="${CSS.escape(id)}"][data-held]`);
    if (this.outbox.waitsFor(id) || held) this.postponed.set(id, Infinity);
    else if (this.card(id)) await this.refetch(id);
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

  showWords(card: HTMLElement, fields: Map<string, string>): void {
    const title = fields.get("title")?.trim();
    const text = fields.get("text")?.trim();
    if (title) setTitle(card, title);
    if (text !== undefined) showText(card, text);
  }

  private showPending(id: string, pending: boolean): void {
    const card = this.card(id);
    if (!card) return;
    if (pending) card.dataset["pending"] = "";
    else delete card.dataset["pending"];
    note(card, pending ? say("pending") : card.dataset["leased"] ? say("editing", { name: card.dataset["leased"] }) : "");
  }

  /** Shows again what a page load has forgotten but this browser has not. */
  private replay(change: Change): void {
    const wanted = Object.fromEntries(change.fields);
    const card = this.card(change.card);
    if (change.kind === "create" && !card) {
      const cell = findCell(this.element, wanted["stage"] ?? "", wanted["lane"] ?? "");
      const words = { title: wanted["title"] ?? "", text: wanted["text"] ?? "" };
      if (cell) insert(cell, blank(this, words, cell, change.card), null);
    } else if (card && change.kind === "delete") card.remove();
    else if (card && change.kind === "move") {
      const cell = findCell(this.element, wanted["stage"] ?? "", wanted["lane"] ?? "");
      if (cell) insert(cell, card, this.card(wanted["before"] ?? ""));
    } else if (card && change.kind === "edit") {
      this.showWords(card, new Map(change.fields));
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
