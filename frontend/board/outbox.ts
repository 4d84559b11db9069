// What was changed on the board and is not stored yet, on its way to the server with the revisions it was made on.
import { type Answer, Unreachable, send } from "../shared/net";
import { type Fate, Queue } from "../shared/queue";
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

export class Outbox {
  private readonly queue: Queue<Change>;

  constructor(
    key: string,
    private readonly handlers: Handlers,
  ) {
    this.queue = new Queue<Change>(key, {
      deliver: (change) => this.deliver(change),
      pending: (change, pending) => {
        if (pending || !this.waitsFor(change.card)) handlers.pending(change.card, pending);
      },
      waiting: (count) => handlers.waiting(count),
      refused: (change) => handlers.refused(change),
      kept: ({ file: _file, tries: _tries, step: _step, ...rest }) => rest,
    });
  }

  /** Called once the board can show what still waits from an earlier visit. */
  start(): readonly Change[] {
    return this.queue.start();
  }

  close(): void {
    this.queue.close();
  }

  add(change: Change): void {
    this.queue.add(change);
  }

  waitsFor(card: string): boolean {
    return this.queue.all.some((change) => change.card === card);
  }

  get empty(): boolean {
    return this.queue.all.length === 0;
  }

  private async deliver(change: Change): Promise<Fate> {
    try {
      const answer = await send(change.url, { method: "POST", form: form(change), revision: this.revision(change) });
      if (answer.status >= 500) return "again";
      const told = (): void => this.handlers.answered(change, answer);
      if (answer.status !== 401 && answer.status !== 403) return told;
      told();
      return "later";
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      return "later";
    }
  }

  private revision(change: Change): string | undefined {
    if (change.kind === "create" || change.kind === "restore") return undefined;
    return String(change.revision ?? this.handlers.revision(change.card, change.expects) ?? "");
  }
}

function form(change: Change): FormData | URLSearchParams {
  if (!change.file) return new URLSearchParams(change.fields);
  const data = new FormData();
  for (const [name, value] of change.fields) data.append(name, value);
  data.append("picture", change.file);
  return data;
}
