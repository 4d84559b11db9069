// What others change appears here: a stream names the card, its fragment is fetched and put in place.
import { all } from "../shared/dom";
import type { Board } from "./board";
import { note } from "./cards";
import { takeCounts } from "./comments";
import { refreshProposals } from "./proposals";
import type { Aspect } from "./history";
import { takeMap } from "./take";
import { makeWide, wideStage } from "./wide";
import { refreshTab } from "./tabs";
import { fromStream } from "../shared/stream";
import { say } from "./words";

const FIRST_WAIT = 1500;
const LONGEST_WAIT = 30_000;
const NUMBERS_AFTER = 1500;
const BUSY_FOR = 2000;

const CHANGES: Record<string, Aspect> = {
  "card.created": "all",
  "card.changed": "content",
  "card.moved": "place",
  "card.restored": "all",
};

/** What can't be drawn anew while somebody is at it. An open drawer can: its card keeps its name. */
const IN_HANDS = "#card-move[open], #axis-add[open], [data-composer], [data-held], .axis-rename, [data-banding], [data-dragging]";

interface Payload {
  card?: string;
  /** What a comment is about: `card:<id>`, `stage:<id>`, … */
  about?: string;
  revision?: number;
  label?: string | null;
  actor?: { id: string | null; label: string };
}

export class Live {
  private source: EventSource | undefined;
  private wait = FIRST_WAIT;
  private timer = 0;
  private numbersTimer = 0;
  private wholeTimer = 0;
  /** The page as it was asked for last. */
  private latest: Promise<Document | undefined> | undefined;
  private lastId = "";

  constructor(
    private readonly board: Board,
    private readonly url: string,
  ) {
    this.open();
  }

  close(): void {
    this.source?.close();
    window.clearTimeout(this.timer);
    window.clearTimeout(this.numbersTimer);
    window.clearTimeout(this.wholeTimer);
  }

  private open(): void {
    const address = new URL(this.url, location.href);
    if (this.lastId) address.searchParams.set("last_event_id", this.lastId);
    const source = new EventSource(address);
    this.source = source;
    source.addEventListener("open", () => {
      this.wait = FIRST_WAIT;
    });
    // The browser reconnects by itself unless the server answered with an error; then it is up to us.
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) return;
      this.timer = window.setTimeout(() => this.open(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    });
    for (const [name, aspect] of Object.entries(CHANGES)) {
      this.on(name, (data) => {
        if (data.card) void this.board.changedElsewhere(data.card, data.revision ?? 0, this.mine(data), aspect);
      });
    }
    fromStream(source, ["notices.changed", "presence"]);
    this.on("comment.changed", (data) => {
      if (data.about?.startsWith("card:")) refreshTab(data.about.replace("card:", ""));
      else this.refreshNumbers();
    });
    this.on("card.marked", (data) => data.card && void this.board.marked(data.card));
    this.on("card.deleted", (data) => data.card && this.board.goneElsewhere(data.card));
    this.on("proposals.changed", () => refreshProposals());
    this.on("lease.changed", (data) => this.lease(data));
    this.on("journey.changed", () => void this.reload(true));
    this.on("numbers.changed", () => this.refreshNumbers());
    this.on("reset", () => void this.reload(true));
  }

  private on(name: string, act: (data: Payload) => void): void {
    this.source?.addEventListener(name, (event: MessageEvent<string>) => {
      this.lastId = event.lastEventId || this.lastId;
      act(JSON.parse(event.data) as Payload);
    });
  }

  private refreshNumbers(): void {
    window.clearTimeout(this.numbersTimer);
    this.numbersTimer = window.setTimeout(() => void this.reload(false), NUMBERS_AFTER);
  }

  private mine(data: Payload): boolean {
    return data.actor?.id === this.board.me;
  }

  private lease(data: Payload): void {
    const card = data.card ? this.board.card(data.card) : null;
    if (!card || this.mine(data)) return;
    if (data.label) card.dataset["leased"] = data.label;
    else delete card.dataset["leased"];
    note(card, data.label ? say("editing", { name: data.label }) : "");
  }

  /** Fetches the numbers again, or the whole map, which waits until nobody works on it here. */
  async reload(whole: boolean): Promise<void> {
    if (!whole) {
      const part = await fetchPage("numbers");
      if (part) this.takeNumbers(part);
    } else if (this.busy()) {
      window.clearTimeout(this.wholeTimer);
      this.wholeTimer = window.setTimeout(() => void this.reload(true), BUSY_FOR);
    } else {
      const mine = (this.latest = fetchPage());
      const page = await mine;
      if (mine !== this.latest) await this.latest; // a later one has overtaken it and is taken over instead
      else if (page && this.busy()) await this.reload(true);
      else if (page) takeMap(this.board, page);
    }
  }

  private takeNumbers(page: Document): void {
    takeCounts(this.board, page);
    for (const part of [".map thead", ".touchpoint-row"]) {
      const old = this.board.element.querySelector(part);
      const fresh = page.querySelector(part);
      const used = old?.querySelector(":popover-open, .axis-rename") ?? old?.contains(document.activeElement);
      if (old && fresh) keepProposals(old, fresh);
      if (old && fresh && old.innerHTML !== fresh.innerHTML && !used) {
        old.replaceWith(document.adoptNode(fresh));
        makeWide(this.board.element, wideStage(this.board.element));
      }
    }
  }

  private busy(): boolean {
    return !this.board.outbox.empty || document.querySelector(IN_HANDS) !== null;
  }
}

/** What is proposed at stages and touchpoints doesn't come with the numbers: it stays as it stands. */
function keepProposals(old: Element, fresh: Element): void {
  for (const there of all<HTMLElement>("[data-proposals]", old)) {
    const place = CSS.escape(there.dataset["proposals"] ?? "");
    fresh.querySelector(`[data-proposals="${place}"]`)?.replaceWith(there.cloneNode(true));
  }
}

async function fetchPage(part = ""): Promise<Document | undefined> {
  const address = new URL(location.href);
  if (part) address.searchParams.set("part", part);
  const response = await fetch(address, { credentials: "same-origin" }).catch(() => undefined);
  return response?.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : undefined;
}
