// Stages and rows on the map itself: add, rename in place, move, remove. Each is one step that can be undone.
import { sharedMenu } from "../frame/anchor";
import { all, need } from "../shared/dom";
import { Unreachable, send } from "../shared/net";
import { toast } from "../shared/toasts";
import type { Board } from "./board";
import { openAbout } from "./comments";
import { undo } from "./undo";
import { toggleWide } from "./wide";
import { announce, say } from "./words";

type Kind = "stage" | "lane";

const kindOf = (head: HTMLElement): Kind => (head.dataset["axis"] === "stage" ? "stage" : "lane");
const nameOf = (head: HTMLElement): string => head.dataset["name"] ?? "";
const capital = (kind: Kind): string => (kind === "stage" ? "Stage" : "Lane");

export const headsOf = (board: HTMLElement, kind: Kind): HTMLElement[] => all<HTMLElement>(`[data-axis="${kind}"]`, board);

function headOf(board: HTMLElement, kind: Kind, id: string): HTMLElement | undefined {
  return headsOf(board, kind).find((head) => head.dataset["id"] === id);
}

export class Axes {
  constructor(
    private readonly board: Board,
    /** Draws the map again as it is stored. */
    private readonly reload: () => Promise<void>,
  ) {}

  private get element(): HTMLElement {
    return this.board.element;
  }

  private url(kind: Kind, id: string, verb: string): string {
    return `${this.board.mapUrl}${kind === "stage" ? "stages" : "lanes"}/${id}/${verb}/`;
  }

  /** The answer's text when it was done; undefined when it was not, which is said. */
  private async post(url: string, fields: Record<string, string>): Promise<string | undefined> {
    try {
      const answer = await send(url, { method: "POST", form: new URLSearchParams(fields) });
      if (answer.status < 400) return answer.text;
      if (answer.status === 401) toast(say("signedOut"), { bad: true });
      else toast(say("refused", { reason: wordsOf(answer.text) }), { bad: true });
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      toast(say("unreachable"), { bad: true });
    }
    await this.reload();
    return undefined;
  }

  // Names

  rename(head: HTMLElement): void {
    const name = need<HTMLElement>("[data-axis-name]", head);
    if (name.hidden) return;
    const field = document.createElement("input");
    field.className = "axis-rename";
    field.maxLength = 80;
    field.value = nameOf(head);
    field.setAttribute("aria-label", say("nameOf"));
    name.hidden = true;
    name.after(field);
    field.select();
    let over = false;
    const end = (keep: boolean): void => {
      if (over) return;
      over = true;
      const wanted = field.value.replace(/\s+/g, " ").trim();
      field.remove();
      name.hidden = false;
      if (keep && wanted && wanted !== nameOf(head)) void this.renamed(head, wanted);
    };
    field.addEventListener("keydown", (event) => {
      if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      end(event.key === "Enter");
      head.querySelector<HTMLElement>("[data-axis-more]")?.focus();
    });
    field.addEventListener("blur", () => end(true));
  }

  private async renamed(head: HTMLElement, wanted: string): Promise<void> {
    const [kind, id, was] = [kindOf(head), head.dataset["id"] ?? "", nameOf(head)];
    const give = async (from: string, to: string): Promise<boolean> => {
      const now = headOf(this.element, kind, id);
      if (!now || nameOf(now) !== from) return false;
      this.show(now, to);
      return (await this.post(this.url(kind, id, "edit"), { name: to, "seen-name": from })) !== undefined;
    };
    if (!(await give(was, wanted))) return;
    this.board.history.add(say(`did${capital(kind)}Rename`, { title: wanted }), [
      { kind: "axis", title: wanted, back: () => give(wanted, was), forth: () => give(was, wanted) },
    ]);
  }

  private show(head: HTMLElement, name: string): void {
    head.dataset["name"] = name;
    need("[data-axis-name]", head).textContent = name;
    const [attribute, value] = kindOf(head) === "stage" ? ["stage", "stageName"] : ["lane", "laneName"];
    for (const cell of all<HTMLElement>(`[data-cell][data-${attribute}="${CSS.escape(head.dataset["id"] ?? "")}"]`, this.element)) {
      cell.dataset[value] = name;
    }
  }

  // Order

  move(head: HTMLElement, to: number): void {
    const [kind, id] = [kindOf(head), head.dataset["id"] ?? ""];
    const from = headsOf(this.element, kind).indexOf(head);
    const last = headsOf(this.element, kind).length - 1;
    const at = Math.max(0, Math.min(to, last));
    if (at === from) return;
    const go = async (start: number, end: number): Promise<boolean> => {
      const now = headOf(this.element, kind, id);
      if (!now || headsOf(this.element, kind).indexOf(now) !== start) return false;
      const focused = document.activeElement;
      this.put(now, end);
      if (focused instanceof HTMLElement && document.activeElement !== focused) focused.focus({ preventScroll: true });
      now.scrollIntoView({ block: "nearest", inline: "nearest" });
      announce(say("axisAt", { title: nameOf(now), n: end + 1, m: last + 1 }));
      return (await this.post(this.url(kind, id, "move"), { position: String(end) })) !== undefined;
    };
    void go(from, at).then((done) => {
      if (!done) return;
      this.board.history.add(say(`did${capital(kind)}Move`, { title: nameOf(head) }), [
        { kind: "axis", title: nameOf(head), back: () => go(at, from), forth: () => go(from, at) },
      ]);
    });
  }

  /** Moves the column or row that a head stands over to the place `at`. */
  private put(head: HTMLElement, at: number): void {
    const others = headsOf(this.element, kindOf(head)).filter((other) => other !== head);
    const next = others[at];
    if (kindOf(head) === "lane") {
      const row = head.closest("tr");
      const before = next ? next.closest("tr") : this.element.querySelector(".touchpoint-row");
      if (row) before?.parentElement?.insertBefore(row, before);
      return;
    }
    const column = (head as HTMLTableCellElement).cellIndex;
    const target = next ? (next as HTMLTableCellElement).cellIndex : -1;
    for (const row of all<HTMLTableRowElement>(".map tr", this.element)) {
      const cells = [...row.cells];
      const cell = cells[column];
      if (cell) row.insertBefore(cell, cells[target] ?? null);
    }
  }

  // Coming and going

  remove(head: HTMLElement): void {
    const [kind, id, title] = [kindOf(head), head.dataset["id"] ?? "", nameOf(head)];
    const call = async (verb: "remove" | "restore"): Promise<boolean> => {
      const done = (await this.post(this.url(kind, id, verb), {})) !== undefined;
      if (done) await this.reload();
      return done;
    };
    void call("remove").then((done) => {
      if (!done) return;
      const step = this.board.history.add(say(`did${capital(kind)}Remove`, { title }), [
        { kind: "axis", title, back: () => call("restore"), forth: () => call("remove") },
      ]);
      const sentence = say(`${kind}Removed`, { title });
      announce(sentence);
      toast(sentence, { undo: () => void undo(this.board, step) });
    });
  }

  /** Asks for a name (and for a row, its kind), then adds it behind `head`, or last. */
  add(kind: Kind, head?: HTMLElement): void {
    const dialog = need<HTMLDialogElement>("#axis-add");
    const form = need<HTMLFormElement>("[data-axis-form]", dialog);
    const name = need<HTMLInputElement>("[name=name]", form);
    const kinds = need<HTMLElement>("[data-axis-kind]", form);
    const select = need<HTMLSelectElement>("select", kinds);
    const title = need<HTMLElement>("#axis-add-title");
    const position = head ? headsOf(this.element, kind).indexOf(head) + 1 : headsOf(this.element, kind).length;
    title.textContent = title.dataset[kind === "stage" ? "stageWords" : "laneWords"] ?? "";
    kinds.hidden = kind === "stage";
    select.disabled = kind === "stage";
    name.value = "";
    name.required = kind === "stage";
    const suggest = (): void => {
      name.placeholder = kind === "lane" ? (select.selectedOptions[0]?.text ?? "") : "";
    };
    select.onchange = suggest;
    suggest();
    form.onsubmit = (event) => {
      event.preventDefault();
      dialog.close();
      const fields = { name: name.value.trim() || name.placeholder, position: String(position) };
      void this.added(kind, kind === "stage" ? fields : { ...fields, kind: select.value });
    };
    dialog.showModal();
    (kind === "stage" ? name : select).focus();
  }

  private async added(kind: Kind, fields: Record<string, string>): Promise<void> {
    const id = (await this.post(`${this.board.mapUrl}${kind === "stage" ? "stages" : "lanes"}/`, fields))?.trim();
    if (!id) return;
    await this.reload();
    const title = fields["name"] ?? "";
    const head = headOf(this.element, kind, id);
    head?.scrollIntoView({ block: "nearest", inline: "nearest" });
    head?.querySelector<HTMLElement>("[data-axis-more]")?.focus();
    const call = async (verb: string): Promise<boolean> => {
      const done = (await this.post(this.url(kind, id, verb), {})) !== undefined;
      if (done) await this.reload();
      return done;
    };
    this.board.history.add(say(`did${capital(kind)}Add`, { title }), [
      { kind: "axis", title, back: () => call("remove"), forth: () => call("restore") },
    ]);
  }
}

/** The menus of heads and of the page, keys on a head, and a double click on a name. */
export function startAxes(board: Board, axes: Axes, signal: AbortSignal): void {
  const menu = need<HTMLElement>("#axis-menu");
  const button = sharedMenu(menu, board.element, "[data-axis] [data-axis-more]", signal, (pressed) => {
    prepare(menu, board, pressed.closest<HTMLElement>("[data-axis]"));
  });
  document.addEventListener(
    "click",
    (event) => {
      const item = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-axis-do]") : null;
      if (!item) return;
      item.closest<HTMLElement>("[popover]")?.hidePopover();
      const head = item.closest("#axis-menu") ? button()?.closest<HTMLElement>("[data-axis]") : null;
      act(board, axes, item.dataset["axisDo"] ?? "", head ?? undefined);
    },
    { signal },
  );
  board.element.addEventListener("keydown", (event) => onKey(axes, board, event), { signal });
  board.element.addEventListener(
    "dblclick",
    (event) => {
      const name = event.target instanceof Element ? event.target.closest("[data-axis-name]") : null;
      const head = name?.closest<HTMLElement>("[data-axis]");
      if (head && board.mayEdit) axes.rename(head);
    },
    { signal },
  );
}

/** What can't be done with this head is not offered. */
function prepare(menu: HTMLElement, board: Board, head: HTMLElement | null): void {
  if (!head) return;
  const heads = headsOf(board.element, kindOf(head));
  const at = heads.indexOf(head);
  for (const item of all<HTMLElement>("[data-axis-do]", menu)) {
    const verb = item.dataset["axisDo"];
    const other = item.dataset["of"] !== undefined && item.dataset["of"] !== kindOf(head);
    item.hidden = other || (verb === "back" && at === 0) || (verb === "on" && at === heads.length - 1) || (verb === "remove" && heads.length === 1);
  }
}

function act(board: Board, axes: Axes, verb: string, head: HTMLElement | undefined): void {
  if (verb === "add-stage") axes.add("stage", head);
  else if (verb === "add-lane") axes.add("lane", head);
  if (!head) return;
  const at = headsOf(board.element, kindOf(head)).indexOf(head);
  if (verb === "focus") toggleWide(board.element, head.dataset["id"] ?? "");
  else if (verb === "comments") openAbout(board, `stage:${head.dataset["id"]}`);
  else if (verb === "rename") axes.rename(head);
  else if (verb === "back") axes.move(head, at - 1);
  else if (verb === "on") axes.move(head, at + 1);
  else if (verb === "remove") axes.remove(head);
  if (verb === "back" || verb === "on") head.querySelector<HTMLElement>("[data-axis-more]")?.focus();
}

function onKey(axes: Axes, board: Board, event: KeyboardEvent): void {
  const head = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-axis]") : null;
  if (!head || !board.mayEdit || event.target instanceof HTMLInputElement) return;
  const at = headsOf(board.element, kindOf(head)).indexOf(head);
  const [back, on] = kindOf(head) === "stage" ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
  if (event.key === "F2") axes.rename(head);
  else if (event.altKey && event.key === back) axes.move(head, at - 1);
  else if (event.altKey && event.key === on) axes.move(head, at + 1);
  else return;
  event.preventDefault();
}

function wordsOf(html: string): string {
  const box = document.createElement("template");
  box.innerHTML = html;
  return (box.content.textContent ?? "").replace(/\s+/g, " ").trim().slice(0, 300);
}
