// The list: more by scrolling, rows that move in place when something happens, selection, the keyboard's place.
import { all, fromHtml } from "../shared/dom";
import { Unreachable, send } from "../shared/net";
import { paced } from "../shared/paced";
import { say } from "./words";

const TOGETHER = 150;
const A_WHILE = 2000;

export class List {
  private readonly rows: HTMLElement;
  private readonly stale = new Set<string>();
  private readonly soon = paced(TOGETHER, () => this.refresh(), A_WHILE);
  private loading = false;
  private anchor: HTMLElement | undefined;
  private readonly sight: IntersectionObserver;
  onopen: (link: HTMLAnchorElement) => void = () => undefined;

  constructor(private readonly desk: HTMLElement) {
    this.rows = desk.querySelector<HTMLElement>("[data-rows]")!;
    this.sight = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && void this.more(), {
      root: this.rows,
      rootMargin: "600px",
    });
    this.watchEnd();
    desk.addEventListener("click", (event) => this.onClick(event));
    desk.addEventListener("change", (event) => {
      if (event.target instanceof HTMLInputElement && event.target.matches("[data-pick]")) this.picked();
    });
  }

  // Rows

  get links(): HTMLAnchorElement[] {
    return all<HTMLAnchorElement>("[data-row] > [data-open]", this.rows);
  }

  row(id: string): HTMLElement | null {
    return this.rows.querySelector(`[data-row="${CSS.escape(id)}"]`);
  }

  get query(): string {
    return this.desk.dataset["query"] ?? "";
  }

  rowsUrl(more: string): string {
    return `/inbox/rows/${this.query}${this.query ? "&" : "?"}${more}`;
  }

  private watchEnd(): void {
    this.sight.disconnect();
    const end = this.rows.querySelector("[data-more]");
    if (end) this.sight.observe(end);
  }

  private async more(): Promise<void> {
    const end = this.rows.querySelector<HTMLElement>("[data-more]");
    if (!end || this.loading) return;
    this.loading = true;
    try {
      const answer = await send(this.rowsUrl(`cursor=${encodeURIComponent(end.dataset["more"] ?? "")}`));
      if (answer.status !== 200) return;
      const fresh = parts(answer.text).filter((part) => !part.dataset["row"] || !this.row(part.dataset["row"]));
      end.replaceWith(...fresh);
      this.watchEnd();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    } finally {
      this.loading = false;
    }
  }

  /** The row is fetched anew and stands where it belongs now, or goes. Several within a moment go together. */
  changed(id: string): void {
    this.stale.add(id);
    this.soon();
  }

  private async refresh(): Promise<void> {
    const ids = [...this.stale].slice(0, 100);
    if (!ids.length) return;
    for (const id of ids) this.stale.delete(id);
    if (this.stale.size) this.soon();
    const query = ids.map((id) => `id=${id}`).join("&");
    const answer = await send(this.rowsUrl(query)).catch(() => undefined);
    if (answer?.status !== 200) return;
    const fresh = new Map(parts(answer.text).map((row) => [row.dataset["row"] ?? "", row]));
    for (const id of ids) this.put(id, fresh.get(id));
    this.picked();
  }

  private put(id: string, fresh: HTMLElement | undefined): void {
    const old = this.row(id);
    if (!fresh) return this.drop(id);
    if (old) {
      fresh.classList.toggle("is-open", old.classList.contains("is-open"));
      if (old.classList.contains("is-open")) fresh.querySelector("[data-open]")?.setAttribute("aria-current", "true");
      const was = old.querySelector<HTMLInputElement>("[data-pick]");
      const now = fresh.querySelector<HTMLInputElement>("[data-pick]");
      if (was && now) now.checked = was.checked;
    }
    const focused = old?.contains(document.activeElement);
    const before = all<HTMLElement>("[data-row]", this.rows).find((row) => row !== old && this.stands(fresh, row));
    const end = this.rows.querySelector("[data-more]");
    const top = this.rows.scrollTop;
    const height = this.rows.scrollHeight;
    const above = top > 0 && (!before || this.rows.getBoundingClientRect().top > before.getBoundingClientRect().top);
    if (!before && end && !old) return; // it stands on a page that isn't loaded
    old?.remove();
    this.rows.insertBefore(fresh, before ?? end);
    if (above) this.rows.scrollTop = top + this.rows.scrollHeight - height;
    if (focused) fresh.querySelector<HTMLElement>("[data-open]")?.focus({ preventScroll: true });
    this.desk.querySelector<HTMLElement>("[data-list-empty]")?.remove();
  }

  /** Whether `fresh` stands above `row`: the newest first, or whoever has waited longest, or what is due first. */
  private stands(fresh: HTMLElement, row: HTMLElement): boolean {
    const by = { waiting: "waiting", due: "due", late: "due" }[this.desk.dataset["view"] ?? ""] ?? "at";
    const [a, b] = [Number(fresh.dataset[by]), Number(row.dataset[by])];
    return by === "at" ? a > b : a < b;
  }

  /** It doesn't belong here any more; the focus goes to its neighbour. */
  drop(id: string): void {
    const old = this.row(id);
    if (!old) return;
    const focused = old.contains(document.activeElement);
    const next = old.nextElementSibling ?? old.previousElementSibling;
    old.remove();
    if (focused) next?.querySelector<HTMLElement>("[data-open]")?.focus();
    this.picked();
  }

  // Which one is open, which one the keyboard is at

  mark(id: string): void {
    for (const row of all("[data-row]", this.rows)) {
      const open = row.getAttribute("data-row") === id;
      row.classList.toggle("is-open", open);
      const link = row.querySelector("[data-open]");
      if (open) link?.setAttribute("aria-current", "true");
      else link?.removeAttribute("aria-current");
    }
  }

  get place(): number {
    const focused = this.links.findIndex((link) => link.parentElement?.contains(document.activeElement));
    return focused >= 0 ? focused : this.links.findIndex((link) => link.parentElement?.classList.contains("is-open"));
  }

  walk(by: number): HTMLAnchorElement | undefined {
    const { links } = this;
    const link = links[Math.min(Math.max(this.place + by, 0), links.length - 1)];
    link?.focus();
    link?.scrollIntoView({ block: "nearest" });
    return link;
  }

  // Selection

  get selection(): string[] {
    return all<HTMLInputElement>("[data-pick]:checked", this.rows).map(
      (box) => box.closest<HTMLElement>("[data-row]")?.dataset["row"] ?? "",
    );
  }

  pickHere(): void {
    const box = this.links[this.place]?.parentElement?.querySelector<HTMLInputElement>("[data-pick]");
    if (box) box.checked = !box.checked;
    this.picked();
  }

  /** For fingers: a tap on a row selects it instead of opening it. */
  choose(on: boolean): void {
    this.rows.classList.toggle("is-choosing", on);
    this.desk.querySelector("[data-choose]")?.setAttribute("aria-pressed", String(on));
  }

  private get isChoosing(): boolean {
    return this.rows.classList.contains("is-choosing");
  }

  pickNothing(): boolean {
    const had = this.selection.length > 0 || this.isChoosing;
    this.choose(false);
    for (const box of all<HTMLInputElement>("[data-pick]:checked", this.rows)) box.checked = false;
    this.picked();
    return had;
  }

  picked(): void {
    const { length } = this.selection;
    this.rows.classList.toggle("is-picking", length > 0);
    for (const row of all<HTMLElement>("[data-row]", this.rows)) {
      row.classList.toggle("is-picked", row.querySelector<HTMLInputElement>("[data-pick]")?.checked ?? false);
    }
    const bar = this.desk.querySelector<HTMLElement>("[data-bulk]");
    if (!bar) return;
    bar.hidden = length === 0;
    bar.querySelector("[data-bulk-count]")!.textContent = say("selected", { n: length });
  }

  private onClick(event: MouseEvent): void {
    if (!(event.target instanceof Element) || event.ctrlKey || event.metaKey) return;
    const box = event.target.closest<HTMLInputElement>("[data-pick]");
    if (box) {
      if (event.shiftKey && this.anchor) this.pickUpTo(box);
      this.anchor = box.closest<HTMLElement>("[data-row]") ?? undefined;
      return;
    }
    const choose = event.target.closest("[data-choose]");
    if (choose) {
      if (this.isChoosing) this.pickNothing();
      else this.choose(true);
      return;
    }
    const more = event.target.closest("[data-more] a");
    const link = event.target.closest<HTMLAnchorElement>("a[data-open]");
    if (!link && !more) return;
    event.preventDefault();
    const mine = this.isChoosing ? link?.parentElement?.querySelector<HTMLInputElement>("[data-pick]") : null;
    if (mine) {
      mine.checked = !mine.checked;
      return this.picked();
    }
    if (more) void this.more();
    else if (link) this.onopen(link);
  }

  private pickUpTo(box: HTMLInputElement): void {
    const rows = all<HTMLElement>("[data-row]", this.rows);
    const ends = [this.anchor, box.closest<HTMLElement>("[data-row]")].map((row) => rows.indexOf(row!));
    for (const row of rows.slice(Math.min(...ends), Math.max(...ends) + 1)) {
      row.querySelector<HTMLInputElement>("[data-pick]")!.checked = box.checked;
    }
    this.picked();
  }

  /** The whole list as the server has it now: after the stream has lost its place. */
  async reload(page: Document): Promise<void> {
    const fresh = page.querySelector("[data-rows]");
    if (!fresh) return;
    const open = this.rows.querySelector<HTMLElement>(".is-open")?.dataset["row"] ?? "";
    const chosen = new Set(this.selection);
    const at = this.rows.scrollTop;
    this.rows.replaceChildren(...fresh.children);
    for (const id of chosen) {
      const box = this.row(id)?.querySelector<HTMLInputElement>("[data-pick]");
      if (box) box.checked = true;
    }
    this.rows.scrollTop = at;
    this.mark(open);
    this.picked();
    this.watchEnd();
  }
}

/** The items of a fragment of rows. */
function parts(html: string): HTMLElement[] {
  return all<HTMLElement>(":scope > li", fromHtml(`<ul>${html}</ul>`));
}
