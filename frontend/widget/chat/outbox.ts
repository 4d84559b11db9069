// Messages on their way, one after the other: kept over reloads of the tab, sent again with the same ids.
import { Refusal, type Message, type Net } from "./net";

export interface Draft {
  id: string;
  text: string;
  at: string;
  files: { name: string; type: string; size: number; blob?: Blob; id?: string }[];
  /** Why it can't be sent, in words; empty while it is tried. */
  fault: string;
}

const KEPT = "parcours.chat.waiting";
const LONGEST_WAIT = 20_000;

export class Outbox {
  waiting: Draft[] = [];
  #busy = false;
  #failures = 0;
  #timer = 0;

  constructor(
    private readonly net: Net,
    private readonly ready: () => Promise<unknown>,
    private readonly changed: () => void,
    private readonly sent: (draft: Draft, message: Message | null) => void,
  ) {
    try {
      this.waiting = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]") as Draft[];
    } catch {
      this.waiting = [];
    }
    addEventListener("online", () => {
      this.#failures = 0;
      this.go(0);
    });
    if (this.waiting.length) this.go(0);
  }

  add(draft: Draft): void {
    this.waiting.push(draft);
    this.#keep();
    this.go(0);
  }

  /** One that was refused, tried once more. */
  again(id: string): void {
    for (const draft of this.waiting) if (draft.id === id) draft.fault = "";
    this.#failures = 0;
    this.#keep();
    this.go(0);
  }

  /** The server has it: its stream said so before its answer came, or instead. */
  arrived(id: string): void {
    if (!this.waiting.some((draft) => draft.id === id)) return;
    this.waiting = this.waiting.filter((draft) => draft.id !== id);
    this.#keep();
  }

  forget(): void {
    this.waiting = [];
    this.#keep();
  }

  go(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#send(), wait);
  }

  #keep(): void {
    this.changed();
    try {
      const whole = this.waiting.filter((draft) => draft.files.every((file) => file.id));
      if (whole.length) sessionStorage.setItem(KEPT, JSON.stringify(whole));
      else sessionStorage.removeItem(KEPT);
    } catch {
      // Kept in memory only.
    }
  }

  async #send(): Promise<void> {
    const draft = this.waiting.find((each) => !each.fault);
    if (!draft || this.#busy) return;
    this.#busy = true;
    try {
      await this.ready();
      for (const file of draft.files) {
        if (file.id || !file.blob) continue;
        const name = encodeURIComponent(file.name);
        file.id = (await this.net.call<{ id: string }>("POST", `upload?name=${name}`, file.blob)).id;
      }
      const files = draft.files.map((file) => file.id);
      const kept = await this.net.call<Message | { kept: true }>("POST", "post", {
        id: draft.id,
        text: draft.text,
        files,
      });
      this.waiting = this.waiting.filter((each) => each !== draft);
      this.#failures = 0;
      this.sent(draft, "kept" in kept ? null : kept);
    } catch (fault) {
      this.#failed(draft, fault);
    }
    this.#busy = false;
    this.#keep();
    const wait = Math.min(400 * 2 ** this.#failures, LONGEST_WAIT);
    if (this.waiting.some((each) => !each.fault)) this.go(this.#failures ? Math.max(wait, this.#asked) : 0);
  }
  #asked = 0;

  #failed(draft: Draft, fault: unknown): void {
    this.#asked = fault instanceof Refusal ? fault.wait : 0;
    if (fault instanceof Refusal && !fault.again && fault.status !== 401) draft.fault = fault.what;
    this.#failures += 1;
  }
}
