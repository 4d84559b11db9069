// What was done here and is not stored yet: kept in this browser, delivered in order, tried again until it is answered.

/**
 * What became of a delivery: done with; to be tried later; or the server stumbled, which is tried a few times only.
 * A function is what to do with the answer, once the item waits no more.
 */
export type Fate = "done" | "later" | "again" | (() => void);

export interface Waiting {
  tries?: number;
}

interface Handlers<T> {
  deliver: (item: T) => Promise<Fate>;
  /** Whether it has been waiting long enough to say so. */
  pending: (item: T, pending: boolean) => void;
  waiting: (count: number) => void;
  refused: (item: T) => void;
  /** What of an item fits into the browser's small store. */
  kept: (item: T) => object;
}

const MOST_TRIES = 4;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;
const SLOW = 400;

export class Queue<T extends Waiting> {
  private items: T[];
  private running = false;
  private wait = FIRST_WAIT;
  private timer = 0;

  constructor(
    private readonly key: string,
    private readonly handlers: Handlers<T>,
  ) {
    this.items = this.load();
    window.addEventListener("online", this.soon);
  }

  /** Called once the page can show what still waits from an earlier visit. */
  start(): readonly T[] {
    this.handlers.waiting(this.items.length);
    this.soon();
    return [...this.items];
  }

  close(): void {
    window.removeEventListener("online", this.soon);
    window.clearTimeout(this.timer);
  }

  add(item: T): void {
    this.items.push(item);
    this.store();
    void this.run();
  }

  get all(): readonly T[] {
    return this.items;
  }

  private readonly soon = (): void => {
    window.clearTimeout(this.timer);
    this.wait = FIRST_WAIT;
    void this.run();
  };

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    window.clearTimeout(this.timer);
    try {
      for (let item = this.items[0]; item; item = this.items[0]) {
        if (!(await this.deliver(item))) return;
      }
    } finally {
      this.running = false;
    }
  }

  /** True when the next one may follow. */
  private async deliver(item: T): Promise<boolean> {
    const slow = window.setTimeout(() => this.handlers.pending(item, true), SLOW);
    try {
      const fate = await this.handlers.deliver(item);
      if (fate === "later") return this.later(item);
      if (fate === "again") {
        item.tries = (item.tries ?? 0) + 1;
        if (item.tries < MOST_TRIES) return this.later(item);
      }
      this.items.shift();
      this.wait = FIRST_WAIT;
      this.store();
      this.handlers.pending(item, false);
      if (fate === "again") this.handlers.refused(item);
      else if (fate !== "done") fate();
      return true;
    } finally {
      window.clearTimeout(slow);
    }
  }

  private later(item: T): boolean {
    this.handlers.pending(item, true);
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.run(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    return false;
  }

  private store(): void {
    this.handlers.waiting(this.items.length);
    try {
      if (this.items.length) localStorage.setItem(this.key, JSON.stringify(this.items.map(this.handlers.kept)));
      else localStorage.removeItem(this.key);
    } catch {
      // A full or forbidden store: it still waits in memory.
    }
  }

  private load(): T[] {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "[]") as T[];
    } catch {
      return [];
    }
  }
}
