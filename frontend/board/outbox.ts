// What was changed here and is not stored yet. Kept in this browser, sent in order, tried again until the server answers.
import { type Answer, Unreachable, send } from "../shared/net";
import type { Aspect } from "./history";

export interface Change {
  kind: "create" | "edit" | "move" | "delete" | "restore";
  card: string;
  url: string;
  fields: [string, string][];
  /** The revision the person saw; the newest one known here is used when there is none. */
  revision?: number;
  /** Without a revision: the one this page itself made last of this, known when the change's turn comes. */
  expects?: Aspect;
  /** An undo or redo: it never asks to merge. */
  undoing?: boolean;
  /** The step of this visit's history that it belongs to. */
  step?: number;
  /** A picture waits in memory only: files don't fit into the browser's small store. */
  file?: File;
  tries?: number;
}

interface Handlers {
  revision: (card: string, expects: Aspect | undefined) => number | undefined;
  answered: (change: Change, answer: Answer) => void;
  pending: (card: string, pending: boolean) => void;
  /** How many changes still wait. */
  waiting: (count: number) => void;
  /** A server error that did not go away. */
  refused: (change: Change) => void;
}

const MOST_TRIES = 4;
const LONGEST_WAIT = 30_000;

export class Outbox {
  private changes: Change[];
  private running = false;
  private wait = 1000;
  private timer = 0;

  constructor(
    private readonly key: string,
    private readonly handlers: Handlers,
  ) {
    this.changes = this.load();
    handlers.waiting(this.changes.length);
    window.addEventListener("online", this.soon);
  }

  /** Called once the board can show what still waits from an earlier visit. */
  start(): Change[] {
    this.soon();
    return [...this.changes];
  }

  close(): void {
    window.removeEventListener("online", this.soon);
    window.clearTimeout(this.timer);
  }

  add(change: Change): void {
    this.changes.push(change);
    this.store();
    void this.run();
  }

  waitsFor(card: string): boolean {
    return this.changes.some((change) => change.card === card);
  }

  get empty(): boolean {
    return this.changes.length === 0;
  }

  private readonly soon = (): void => {
    window.clearTimeout(this.timer);
    this.wait = 1000;
    void this.run();
  };

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    window.clearTimeout(this.timer);
    try {
      for (let change = this.changes[0]; change; change = this.changes[0]) {
        if (!(await this.deliver(change))) return;
      }
    } finally {
      this.running = false;
    }
  }

  /** True when the next change may follow. */
  private async deliver(change: Change): Promise<boolean> {
    const slow = window.setTimeout(() => this.handlers.pending(change.card, true), 400);
    try {
      const answer = await send(change.url, { method: "POST", form: form(change), revision: this.revision(change) });
      if (answer.status === 401 || answer.status === 403) return this.later(change, answer);
      if (answer.status >= 500) return this.again(change);
      this.done(change);
      this.handlers.answered(change, answer);
      return true;
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      return this.later(change);
    } finally {
      window.clearTimeout(slow);
    }
  }

  private revision(change: Change): string | undefined {
    if (change.kind === "create" || change.kind === "restore") return undefined;
    return String(change.revision ?? this.handlers.revision(change.card, change.expects) ?? "");
  }

  private done(change: Change): void {
    this.changes.shift();
    this.wait = 1000;
    this.store();
    if (!this.waitsFor(change.card)) this.handlers.pending(change.card, false);
  }

  private again(change: Change): boolean {
    change.tries = (change.tries ?? 0) + 1;
    if (change.tries < MOST_TRIES) return this.later(change);
    this.done(change);
    this.handlers.refused(change);
    return true;
  }

  private later(change: Change, answer?: Answer): boolean {
    this.handlers.pending(change.card, true);
    if (answer) this.handlers.answered(change, answer);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.run(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    return false;
  }

  private store(): void {
    this.handlers.waiting(this.changes.length);
    const kept = this.changes.map(({ file: _file, tries: _tries, step: _step, ...rest }) => rest);
    try {
      if (kept.length) localStorage.setItem(this.key, JSON.stringify(kept));
      else localStorage.removeItem(this.key);
    } catch {
      // A full or forbidden store: the changes still wait in memory.
    }
  }

  private load(): Change[] {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "[]") as Change[];
    } catch {
      return [];
    }
  }
}

function form(change: Change): FormData | URLSearchParams {
  if (!change.file) return new URLSearchParams(change.fields);
  const data = new FormData();
  for (const [name, value] of change.fields) data.append(name, value);
  data.append("picture", change.file);
  return data;
}
