// Server-sent events by fetch, which can carry the token: resumed after the last one, for as long as it takes.
import type { Host } from "./host";
import type { Net } from "./net";

const SILENCE = 50_000;
const LONGEST_WAIT = 30_000;

export class Stream {
  #last = 0;
  #stop: AbortController | null = null;
  #failures = 0;
  #timer = 0;
  #gone = false;

  constructor(
    private readonly host: Host,
    private readonly net: Net,
    private readonly take: (name: string, data: unknown) => void,
    private readonly connected: (isConnected: boolean) => void,
  ) {
    addEventListener("online", () => {
      this.#failures = 0;
      if (this.#stop || this.#timer) this.start();
    });
  }

  /** From a place that `me` told, else from where it was. */
  start(last = this.#last): void {
    this.stop();
    this.#gone = false;
    this.#last = last;
    void this.#run();
  }

  stop(): void {
    this.#gone = true;
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#stop?.abort();
    this.#stop = null;
  }

  async #run(): Promise<void> {
    const stop = (this.#stop = new AbortController());
    const status = await this.#follow(stop).catch(() => 0);
    if (this.#gone || this.#stop !== stop) return;
    this.connected(false);
    if (status === 401) {
      this.stop();
      this.take("lost", {});
      return;
    }
    // A server that went away leaves thousands of pages: they don't come back all at once.
    const wait = Math.min(1_000 * 2 ** this.#failures++, LONGEST_WAIT) * (0.5 + Math.random());
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      void this.#run();
    }, wait);
  }

  /** Reads until it ends; the status of an answer that is no stream. */
  async #follow(stop: AbortController): Promise<number> {
    const headers = {
      Authorization: `Bearer ${this.net.token ?? ""}`,
      Accept: "text/event-stream, application/json",
      "Last-Event-ID": String(this.#last),
    };
    const answer = await fetch(`${this.host.base}chat/stream`, {
      headers,
      credentials: "omit",
      cache: "no-store",
      signal: stop.signal,
    });
    if (!answer.ok || !answer.body) return answer.status;
    this.connected(true);
    const reader = answer.body.getReader();
    const decoder = new TextDecoder();
    let rest = "";
    let quiet = 0;
    for (;;) {
      clearTimeout(quiet);
      // The server says every 20 seconds that it is there: a silent line is a dead one.
      quiet = setTimeout(() => {
        stop.abort();
      }, SILENCE);
      const { done, value } = await reader.read();
      if (done) break;
      this.#failures = 0;
      rest += decoder.decode(value, { stream: true });
      const blocks = rest.split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) this.#block(block);
    }
    clearTimeout(quiet);
    return 200;
  }

  #block(block: string): void {
    let name = "";
    let data = "";
    for (const line of block.split("\n")) {
      if (line.startsWith("id: ")) this.#last = Number(line.slice(4));
      else if (line.startsWith("event: ")) name = line.slice(7);
      else if (line.startsWith("data: ")) data += line.slice(6);
    }
    if (name) this.take(name, JSON.parse(data || "{}"));
  }
}
