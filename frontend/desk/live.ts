// What happens elsewhere: one stream for the list, the open conversation and the person's notices.
import { fromStream } from "../shared/stream";

export interface Told {
  conversation: string;
  what: string;
  revision: number;
  status: string;
  assignee: string;
  message?: string;
  direction?: string;
  step?: string;
}

interface Handlers {
  changed: (told: Told) => void;
  /** The stream has lost its place: everything is asked for anew. */
  lost: () => void;
}

const FIRST_WAIT = 1500;
const LONGEST_WAIT = 30_000;

export class Live {
  private source: EventSource | undefined;
  private lastId: string;
  private wait = FIRST_WAIT;
  private timer = 0;
  private conversation = "";

  constructor(
    private readonly desk: HTMLElement,
    private readonly handlers: Handlers,
  ) {
    this.lastId = desk.dataset["liveId"] ?? "";
    window.addEventListener("pagehide", () => this.source?.close());
    window.addEventListener("pageshow", (event) => event.persisted && this.open());
  }

  follow(conversation: string): void {
    if (this.source && this.conversation === conversation) return;
    this.conversation = conversation;
    this.open();
  }

  private open(): void {
    this.source?.close();
    window.clearTimeout(this.timer);
    const address = new URL(this.desk.dataset["live"] ?? "", location.href);
    const { brand, me } = this.desk.dataset;
    address.searchParams.append("topic", `inbox:${brand}`);
    if (me) address.searchParams.append("topic", `person:${me}`);
    if (this.conversation) address.searchParams.append("topic", `conversation:${this.conversation}`);
    if (this.lastId) address.searchParams.set("last_event_id", this.lastId);
    const source = new EventSource(address);
    this.source = source;
    source.addEventListener("open", () => (this.wait = FIRST_WAIT));
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) return;
      this.timer = window.setTimeout(() => this.open(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    });
    for (const name of ["ready", "inbox.changed", "notices.changed", "reset"]) {
      source.addEventListener(name, (event: MessageEvent) => (this.lastId = event.lastEventId || this.lastId));
    }
    source.addEventListener("inbox.changed", (event: MessageEvent<string>) => {
      this.handlers.changed(JSON.parse(event.data) as Told);
    });
    source.addEventListener("reset", () => this.handlers.lost());
    fromStream(source, ["notices.changed", "presence", "typing", "presence.changed"]);
  }
}
