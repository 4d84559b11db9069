// Messages on their way: kept until the server has them, sent again with the same ids, which it counts once.
import type { Consent } from "./consent";
import type { Message } from "./messages";
import { read, write } from "./store";

const MOST = 200;
const A_BATCH = 20;
const SOON = 300;
const LONGEST_WAIT = 60_000;

export class Outbox {
  #waiting: Message[] = [];
  #consent: Consent = "unknown";
  #timer = 0;
  #busy = false;
  #wait = SOON;

  constructor(
    private readonly address: string,
    private readonly key: string,
  ) {
    addEventListener("pagehide", () => {
      this.#leave();
    });
    addEventListener("online", () => {
      this.#later(0);
    });
  }

  /** What happened before the answer waits in memory: it goes out after a yes and is forgotten after a no. */
  allow(consent: Consent): void {
    if (consent === this.#consent) return;
    this.#consent = consent;
    if (consent === "granted") this.#waiting.unshift(...this.#stored());
    if (consent === "denied") this.#waiting = [];
    this.#keep();
    this.#later(0);
  }

  add(message: Message): void {
    if (this.#consent === "denied") return;
    this.#waiting.push(message);
    this.#waiting.splice(0, this.#waiting.length - MOST);
    this.#keep();
    this.#later(SOON);
  }

  #stored(): Message[] {
    try {
      return JSON.parse(read("outbox") ?? "[]") as Message[];
    } catch {
      return [];
    }
  }

  #keep(): void {
    if (this.#consent === "unknown") return;
    write("outbox", this.#waiting.length ? JSON.stringify(this.#waiting) : null);
  }

  #later(milliseconds: number): void {
    if (this.#consent !== "granted" || !this.#waiting.length || this.#busy) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#send(), milliseconds);
  }

  #body(batch: Message[]): string {
    return JSON.stringify({ writeKey: this.key, sentAt: new Date().toISOString(), batch });
  }

  async #send(): Promise<void> {
    const batch = this.#waiting.slice(0, A_BATCH);
    this.#busy = true;
    // Plain text: a browser sends it to another site without asking first.
    const answer = await fetch(this.address, {
      method: "POST",
      body: this.#body(batch),
      headers: { "Content-Type": "text/plain" },
      credentials: "omit",
    }).catch(() => null);
    this.#busy = false;
    const again = !answer || answer.status === 429 || answer.status >= 500;
    if (again) {
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
      const asked = Number(answer?.headers.get("Retry-After")) * 1000;
      this.#later(asked || this.#wait);
      return;
    }
    this.#wait = SOON;
    const gone = new Set(batch);
    this.#waiting = this.#waiting.filter((message) => !gone.has(message));
    this.#keep();
    this.#later(0);
  }

  /** The last words of a page. They stay stored: the next page sends them again, and they count once. */
  #leave(): void {
    if (this.#consent === "granted" && this.#waiting.length) {
      navigator.sendBeacon(this.address, this.#body(this.#waiting.slice(-A_BATCH)));
    }
  }
}
