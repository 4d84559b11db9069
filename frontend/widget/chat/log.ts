// The messages, in their order, each once: those of the server, then those on their way.
import { el } from "./dom";
import type { Message } from "./net";
import type { Draft } from "./outbox";
import { pictureOf } from "./picture";
import type { Words } from "./words";

const LINK = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]’»]/g;

export class Log {
  readonly element: HTMLElement;
  #known = new Map<string, Message>();
  #drawn = new Map<string, { of: string; element: HTMLElement }>();
  #older: HTMLButtonElement;
  #pending: Draft[] = [];
  #foot: HTMLElement | null = null;

  constructor(
    private readonly words: Words,
    label: string,
    private readonly head: HTMLElement[],
    private readonly again: (id: string) => void,
    older: () => void,
  ) {
    this.#older = el("button", { class: "link older", type: "button", hidden: true, onclick: older }, words.older);
    this.element = el("div", { class: "log", role: "log", "aria-live": "polite", tabindex: "0" });
    this.element.setAttribute("aria-label", label);
    this.element.append(this.#older, ...head);
  }

  /** Takes in messages; `whole` replaces what was known. Says whether one is new here. */
  take(messages: Message[], whole = false): boolean {
    const before = new Set(this.#known.keys());
    if (whole) this.#known.clear();
    for (const message of messages) this.#known.set(message.id, message);
    this.#draw();
    return messages.some((message) => !before.has(message.id));
  }

  older(has: boolean): void {
    this.#older.hidden = !has;
  }

  pending(drafts: Draft[]): void {
    this.#pending = drafts;
    this.#draw();
  }

  /** Whatever the visitor wrote until then was seen. */
  seen(upTo: string): void {
    for (const [id, message] of this.#known) {
      if (message.author === "me" && message.at <= upTo) this.#known.set(id, { ...message, seen: true });
    }
    this.#draw();
  }

  /** Something behind the last message: the question how it was. */
  foot(element: HTMLElement | null): void {
    this.#foot?.remove();
    this.#foot = element;
    if (element) this.element.append(element);
    if (element) this.end();
  }

  end(): void {
    this.element.scrollTop = this.element.scrollHeight;
  }

  get messages(): Message[] {
    return [...this.#known.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1));
  }

  #draw(): void {
    const box = this.element;
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
    const kept = box.scrollHeight - box.scrollTop;
    const shown = this.messages;
    const arrived = new Set(shown.map((message) => message.client).filter(Boolean));
    const rows = new Map<string, HTMLElement>();
    const lastOfMine = shown.filter((message) => message.author === "me").at(-1);
    let before = "";
    for (const message of shown) {
      const who = `${message.author} ${message.name}`;
      // What was drawn on its way is the same element when it has arrived: nothing is announced twice.
      const key = message.client || message.id;
      const state = message === lastOfMine ? (message.seen ? "seen" : "sent") : "";
      rows.set(key, this.#row(key, JSON.stringify([message, who === before, state]), () =>
        this.#message(message, who !== before, state),
      ));
      before = who;
    }
    for (const draft of this.#pending.filter((each) => !arrived.has(each.id))) {
      const said = JSON.stringify([draft.fault, navigator.onLine]);
      rows.set(draft.id, this.#row(draft.id, said, () => this.#draft(draft)));
    }
    for (const [key, { element }] of this.#drawn) {
      if (rows.has(key)) continue;
      element.remove();
      this.#drawn.delete(key);
    }
    const promise = this.head.at(-1);
    if (promise) promise.hidden = rows.size > 0; // the first answer says it
    let place: ChildNode = promise ?? this.#older;
    for (const element of rows.values()) {
      if (place.nextSibling !== element) place.after(element);
      place = element;
    }
    if (this.#foot) box.append(this.#foot);
    box.scrollTop = atEnd ? box.scrollHeight : box.scrollHeight - kept;
  }

  #row(key: string, of: string, make: () => HTMLElement[]): HTMLElement {
    const there = this.#drawn.get(key);
    if (there?.of === of) return there.element;
    const element = there?.element ?? el("div");
    const parts = make();
    const mine = parts.shift();
    element.className = mine?.className ?? "m";
    // Only what differs is put in anew, so that a mark isn't a reason to read the words out again.
    parts.forEach((part, index) => {
      const old = element.children[index];
      if (!old) element.append(part);
      else if (!isSame(old, part)) old.replaceWith(part);
    });
    while (element.children.length > parts.length) element.lastElementChild?.remove();
    this.#drawn.set(key, { of, element });
    return element;
  }

  #message(message: Message, names: boolean, state: string): HTMLElement[] {
    const { words } = this;
    const mine = message.author === "me";
    const name = mine ? words.you : message.author === "bot" ? words.bot : message.name || words.team;
    const parts: HTMLElement[] = [el("div", { class: mine ? "m me" : "m" })];
    parts.push(el("span", { class: mine || !names ? "who sr" : "who" }, name));
    if (message.deleted) parts.push(el("p", { class: "t gone" }, words.deleted));
    else if (message.text) parts.push(this.#text(message.text));
    for (const file of message.files) parts.push(pictureOf(file));
    if (state) parts.push(el("span", { class: "s" }, state === "seen" ? words.seen : words.sent));
    return parts;
  }

  #draft(draft: Draft): HTMLElement[] {
    const { words } = this;
    const parts: HTMLElement[] = [el("div", { class: "m me" }), el("span", { class: "who sr" }, words.you)];
    if (draft.text) parts.push(this.#text(draft.text));
    for (const file of draft.files) parts.push(el("span", { class: "f", "data-of": file.name }, file.name));
    if (draft.fault) {
      const again = el("button", { class: "link", type: "button", onclick: () => this.again(draft.id) }, words.again);
      parts.push(el("span", { class: "s bad" }, `${draft.fault} `, again));
    } else parts.push(el("span", { class: "s" }, navigator.onLine ? words.sending : words.waiting));
    return parts;
  }

  #text(text: string): HTMLElement {
    const made = el("p", { class: "t" });
    let place = 0;
    for (const found of text.matchAll(LINK)) {
      made.append(text.slice(place, found.index));
      made.append(el("a", { href: found[0], target: "_blank", rel: "noopener noreferrer nofollow" }, found[0]));
      place = found.index + found[0].length;
    }
    made.append(text.slice(place));
    return made;
  }
}

/** A file that is drawn already stays, whatever its address is by now. */
function isSame(old: Element, part: Element): boolean {
  const of = part.getAttribute("data-of");
  return of ? old.getAttribute("data-of") === of : old.isEqualNode(part);
}
