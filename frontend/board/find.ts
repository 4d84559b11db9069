// Search on the map: hits are marked and stepped through, everything else steps back. The address keeps the search.
import { all, fill, need } from "../shared/dom";
import { plain } from "../shared/text";
import type { Board } from "./board";
import { openerOf } from "./cards";
import { fold } from "./fold";
import { showStage } from "./stages";

export class Find {
  private readonly line = need<HTMLElement>("#map-find");
  private readonly words = need<HTMLInputElement>("[data-find-words]", this.line);
  private readonly kind = need<HTMLSelectElement>("[data-find-kind]", this.line);
  private hits: HTMLElement[] = [];
  private at = -1;

  constructor(
    private readonly board: Board,
    signal: AbortSignal,
  ) {
    this.fillKinds();
    const opener = need<HTMLElement>("[data-find-open]");
    opener.addEventListener("click", () => this.open(), { signal });
    this.words.addEventListener("input", () => this.search(true), { signal });
    this.kind.addEventListener("change", () => this.search(true), { signal });
    this.line.addEventListener("keydown", (event) => this.onKey(event), { signal });
    need("[data-find-close]", this.line).addEventListener("click", () => this.close(), { signal });
    for (const button of all<HTMLElement>("[data-find-step]", this.line)) {
      button.addEventListener("click", () => this.step(Number(button.dataset["findStep"])), { signal });
    }
    this.fromAddress();
  }

  get searching(): boolean {
    return !this.line.hidden;
  }

  open(): void {
    this.show(true);
    this.words.focus();
    this.words.select();
  }

  close(): void {
    const now = this.hits[this.at];
    this.words.value = this.kind.value = "";
    this.search(false);
    this.show(false);
    (now ? openerOf(now) : need<HTMLElement>("[data-find-open]"))?.focus();
  }

  /** The map was drawn anew, or cards came and went: the same search over what is there now. */
  refresh(): void {
    if (this.searching) this.mark(this.hits[this.at]);
  }

  step(way: number): void {
    if (!this.hits.length) return;
    this.at = (this.at + way + this.hits.length) % this.hits.length;
    this.mark(this.hits[this.at], true);
  }

  private show(open: boolean): void {
    this.line.hidden = !open;
    need("[data-find-open]").setAttribute("aria-expanded", String(open));
  }

  private fillKinds(): void {
    const there = this.kind.value;
    const named = new Map<string, string>();
    for (const row of all<HTMLElement>("[data-lane-row]", this.board.element)) {
      const name = row.querySelector<HTMLElement>("[data-axis]")?.dataset["name"] ?? "";
      const kind = row.dataset["kind"] ?? "";
      named.set(kind, named.has(kind) ? `${named.get(kind)}, ${name}` : name);
    }
    const [every] = this.kind.options;
    this.kind.replaceChildren(...(every ? [every] : []), ...[...named].map(([kind, name]) => new Option(name, kind)));
    this.kind.value = there;
  }

  private fromAddress(): void {
    const query = new URLSearchParams(location.search);
    const [words, kind] = [query.get("find") ?? "", query.get("kind") ?? ""];
    if (!words && !kind) return;
    this.words.value = words;
    this.kind.value = kind;
    this.show(true);
    this.search(true);
  }

  private search(go: boolean): void {
    this.at = -1;
    this.mark(undefined, go);
    const address = new URL(location.href);
    for (const [name, value] of [["find", this.words.value.trim()], ["kind", this.kind.value]] as const) {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    history.replaceState(history.state, "", address);
  }

  private mark(now: HTMLElement | undefined, go = false): void {
    const wanted = plain(this.words.value).split(/\s+/).filter(Boolean);
    const kind = this.kind.value;
    const finding = wanted.length > 0 || kind !== "";
    if (finding) this.board.element.dataset["finding"] = "";
    else delete this.board.element.dataset["finding"];
    this.hits = [];
    for (const card of all<HTMLElement>("[data-card]", this.board.element)) {
      const fits = finding && (!kind || card.dataset["kind"] === kind) && has(card, wanted);
      if (fits) this.hits.push(card);
      else delete card.dataset["hit"];
    }
    const there = now ? this.hits.indexOf(now) : -1;
    this.at = there >= 0 ? there : this.hits.length ? 0 : -1;
    for (const [n, card] of this.hits.entries()) card.dataset["hit"] = n === this.at ? "now" : "";
    this.count(finding);
    const card = this.hits[this.at];
    if (go && card) this.reveal(card);
  }

  private reveal(card: HTMLElement): void {
    const row = card.closest<HTMLElement>("[data-lane-row][data-folded]");
    if (row) fold(this.board.element, row, false);
    const cell = card.closest<HTMLTableCellElement>("[data-cell]");
    if (cell) showStage(this.board.element, cell.cellIndex);
    card.scrollIntoView({ block: "center", inline: "nearest" });
  }

  private count(finding: boolean): void {
    const box = need<HTMLElement>("[data-find-count]", this.line);
    const { of, none } = box.dataset;
    const m = this.hits.length;
    box.textContent = !finding ? "" : m ? fill(of ?? "", { n: this.at + 1, m }) : (none ?? "");
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && event.target === this.words) {
      const card = this.hits[this.at];
      if (event.ctrlKey && card) openerOf(card)?.focus();
      else this.step(event.shiftKey ? -1 : 1);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** All the words, in any order, in the card's title, text or notes; accents and capitals don't matter. */
function has(card: HTMLElement, wanted: string[]): boolean {
  if (!wanted.length) return true;
  const words = plain(`${card.querySelector(".card-words")?.textContent ?? ""} ${card.querySelector("img")?.alt ?? ""}`);
  return wanted.every((word) => words.includes(word));
}
