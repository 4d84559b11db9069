// What was done here and is not stored yet: kept in this browser, delivered in order, tried again until it is answered.
// Tabs keep each item under a key of its own, so that none overwrites another's.
import { newId } from "./ids";

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
  /**
   * An item that waits in another tab, which delivers it; when that tab is closed, one of those left does. Without
   * these two, each tab delivers all that waits when it is opened.
   */
  elsewhere?: (item: T) => void;
  /** One of those waits no more. */
  gone?: (item: T) => void;
}

interface Entry<T> {
  /** Tickets sort in the order in which items were added. */
  ticket: string;
  tab: string;
  item: T;
}

const MOST_TRIES = 4;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;
const SLOW = 400;

export class Queue<T extends Waiting> {
  private own: Entry<T>[] = [];
  private readonly others = new Map<string, T>();
  private readonly tab = newId();
  private readonly heirOf = new Set<string>();
  private held: Promise<void> | undefined;
  private added = 0;
  private running = false;
  private wait = FIRST_WAIT;
  private timer = 0;

  constructor(
    private readonly key: string,
    private readonly handlers: Handlers<T>,
  ) {
    // Before anything waits: a lock takes a moment to be granted, and another tab could have it first.
    if (this.shares) void this.hold();
    for (const entry of this.load()) {
      if (this.shares && entry.tab) this.leave(entry);
      else this.claim(entry);
    }
    window.addEventListener("online", this.soon);
    if (handlers.elsewhere) window.addEventListener("storage", this.onStorage);
  }

  /** Called once the page can show what still waits from an earlier visit. */
  start(): readonly T[] {
    this.count();
    this.soon();
    return this.own.map((entry) => entry.item);
  }

  close(): void {
    window.removeEventListener("online", this.soon);
    window.removeEventListener("storage", this.onStorage);
    window.clearTimeout(this.timer);
  }

  add(item: T): void {
    const ticket = `${Date.now().toString(36).padStart(9, "0")}-${String(this.added++).padStart(6, "0")}-${this.tab}`;
    this.claim({ ticket, tab: this.tab, item });
    this.count();
    void this.run();
  }

  /** Those of other tabs come last. */
  get all(): readonly T[] {
    return [...this.own.map((entry) => entry.item), ...this.others.values()];
  }

  private readonly soon = (): void => {
    window.clearTimeout(this.timer);
    this.wait = FIRST_WAIT;
    void this.run();
  };

  // Several tabs

  /** Browsers offer locks on safe addresses only; what is sent twice elsewhere has the same id, and the server knows it. */
  private get shares(): boolean {
    return this.handlers.elsewhere !== undefined && "locks" in navigator;
  }

  private claim({ ticket, item }: Entry<T>): void {
    this.own.push({ ticket, tab: this.tab, item });
    this.store(ticket, item);
  }

  /** Held as long as this tab lives: whoever gets it then inherits what was not delivered. */
  private hold(): Promise<void> {
    this.held ??= new Promise((held) => {
      void navigator.locks.request(this.lockOf(this.tab), () => {
        held();
        return new Promise<never>(() => undefined);
      });
    });
    return this.held;
  }

  private leave({ ticket, tab, item }: Entry<T>): void {
    this.others.set(ticket, item);
    if (!this.shares || this.heirOf.has(tab)) return;
    this.heirOf.add(tab);
    void navigator.locks.request(this.lockOf(tab), async () => {
      await this.hold();
      this.heirOf.delete(tab);
      for (const entry of this.load()) {
        if (entry.tab !== tab) continue;
        this.others.delete(entry.ticket);
        this.claim(entry);
      }
      void this.run();
    });
  }

  private lockOf(tab: string): string {
    return `${this.key}:${tab}`;
  }

  private readonly onStorage = (event: StorageEvent): void => {
    if (!event.key?.startsWith(`${this.key}:`)) return;
    const ticket = event.key.slice(this.key.length + 1);
    const entry = event.newValue === null ? undefined : read<T>(ticket, event.newValue);
    const before = this.others.get(ticket);
    if (entry && entry.tab !== this.tab) {
      this.leave(entry);
      if (!before) this.handlers.elsewhere?.(entry.item);
    } else if (!entry && before) {
      this.others.delete(ticket);
      this.handlers.gone?.(before);
    }
    this.count();
  };

  // Delivering

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    window.clearTimeout(this.timer);
    try {
      for (let entry = this.own[0]; entry; entry = this.own[0]) {
        if (!(await this.deliver(entry))) return;
      }
    } finally {
      this.running = false;
    }
  }

  /** True when the next one may follow. */
  private async deliver({ ticket, item }: Entry<T>): Promise<boolean> {
    const slow = window.setTimeout(() => this.handlers.pending(item, true), SLOW);
    try {
      const fate = await this.handlers.deliver(item);
      if (fate === "later") return this.later(item);
      if (fate === "again") {
        item.tries = (item.tries ?? 0) + 1;
        if (item.tries < MOST_TRIES) return this.later(item);
      }
      this.own.shift();
      this.wait = FIRST_WAIT;
      this.forget(ticket);
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

  private count(): void {
    this.handlers.waiting(this.own.length + this.others.size);
  }

  // The browser's small store

  private store(ticket: string, item: T): void {
    try {
      localStorage.setItem(`${this.key}:${ticket}`, JSON.stringify({ tab: this.tab, item: this.handlers.kept(item) }));
    } catch {
      // A full or forbidden store: it still waits in memory.
    }
  }

  private forget(ticket: string): void {
    this.count();
    try {
      localStorage.removeItem(`${this.key}:${ticket}`);
    } catch {
      // It was in memory only.
    }
  }

  private load(): Entry<T>[] {
    try {
      const tickets = Object.keys(localStorage).filter((key) => key.startsWith(`${this.key}:`)).sort();
      return tickets.map((key) => read<T>(key.slice(this.key.length + 1), localStorage.getItem(key) ?? "")).filter((entry) => entry !== undefined);
    } catch {
      return [];
    }
  }
}

function read<T>(ticket: string, text: string): Entry<T> | undefined {
  try {
    const { tab, item } = JSON.parse(text) as { tab?: string; item?: T };
    return item ? { ticket, tab: tab ?? "", item } : undefined;
  } catch {
    return undefined;
  }
}
