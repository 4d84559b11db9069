// What this person did on the map in this visit, so that it can be undone and done again.
import type { Place } from "./cards";

export type Fields = [string, string][];

/** What of a card a change is about: the server tells edits from moves by their own revisions. */
export type Aspect = "content" | "place" | "all";

export type Deed =
  | { kind: "add" | "delete"; card: string; drawn: string }
  | { kind: "move"; card: string; from: Place; to: Place }
  | { kind: "edit"; card: string; before: Fields; after: Fields }
  /** A change of a stage or row; both answer whether it could be done. */
  | { kind: "axis"; title: string; back: () => Promise<boolean>; forth: () => Promise<boolean> };

export interface Step {
  id: number;
  /** In words, for “Undone: …”. */
  what: string;
  deeds: Deed[];
}

const MOST_STEPS = 200;
const ASPECT = { add: "all", move: "place", edit: "content" } as const;

export class History {
  private readonly done: Step[] = [];
  private readonly undone: Step[] = [];
  /** The newest revision of each card that this page itself made, by what it was about. */
  private readonly own = new Map<string, Record<Aspect, number>>();
  private readonly lost = new WeakSet<Deed>();
  /** Steps that became part of another one. */
  private readonly merged = new Map<number, number>();
  private next = 1;
  onchange: () => void = () => undefined;

  add(what: string, deeds: Deed[]): Step {
    const step = { id: this.next++, what, deeds };
    this.done.push(step);
    if (this.done.length > MOST_STEPS) this.done.shift();
    this.undone.length = 0;
    this.onchange();
    return step;
  }

  /** The last `n` steps become one. */
  merge(n: number, what: string): void {
    const steps = this.done.splice(-n, n);
    const [first] = steps;
    if (!first) return;
    const deeds = steps.flatMap((step) => step.deeds);
    first.deeds.splice(0, first.deeds.length, ...deeds);
    for (const step of steps) this.merged.set(step.id, first.id);
    this.done.push(Object.assign(first, { what }));
    this.onchange();
  }

  get undoable(): Step | undefined {
    return this.done.at(-1);
  }

  get redoable(): Step | undefined {
    return this.undone.at(-1);
  }

  /** The step leaves one list for the other; undefined when it is in neither end's reach. */
  takeBack(step = this.undoable): Step | undefined {
    return this.shift(step, this.done, this.undone);
  }

  takeForth(): Step | undefined {
    return this.shift(this.redoable, this.undone, this.done);
  }

  private shift(step: Step | undefined, from: Step[], to: Step[]): Step | undefined {
    const at = step ? from.indexOf(step) : -1;
    if (!step || at < 0) return undefined;
    from.splice(at, 1);
    to.push(step);
    this.onchange();
    return step;
  }

  /** A change was refused: nothing of it is left to undo. */
  forget(step: number | undefined, card: string): Deed | undefined {
    const id = this.merged.get(step ?? 0) ?? step;
    for (const list of [this.done, this.undone]) {
      const step = list.find((one) => one.id === id);
      const deed = step?.deeds.find((one) => one.kind !== "axis" && one.card === card);
      if (!step || !deed) continue;
      step.deeds.splice(step.deeds.indexOf(deed), 1);
      if (!step.deeds.length) list.splice(list.indexOf(step), 1);
      this.onchange();
      return deed;
    }
    return undefined;
  }

  /** The server stored a change of this page as `revision`. */
  stored(card: string, aspect: Aspect, revision: number): void {
    const now = this.own.get(card) ?? { content: 0, place: 0, all: 0 };
    if (aspect !== "place") now.content = revision;
    if (aspect !== "content") now.place = revision;
    now.all = revision;
    this.own.set(card, now);
  }

  /** What the card's revision is if nobody else has changed this of it. */
  expected(card: string, aspect: Aspect): number | undefined {
    return this.own.get(card)?.[aspect];
  }

  /** Somebody else changed the card: what this person did to it before is not undone over it. */
  lose(card: string, aspect: Aspect): void {
    for (const deed of [...this.done, ...this.undone].flatMap((step) => step.deeds)) {
      if (deed.kind === "axis" || deed.kind === "delete" || deed.card !== card) continue;
      if (deed.kind === "add" || aspect === "all" || ASPECT[deed.kind] === aspect) this.lost.add(deed);
    }
  }

  isLost(deed: Deed): boolean {
    return this.lost.has(deed);
  }
}

const histories = new Map<string, History>();

/** A map drawn anew (another period, say) goes on with what was done before. */
export function historyOf(journey: string): History {
  const there = histories.get(journey) ?? new History();
  histories.set(journey, there);
  return there;
}
