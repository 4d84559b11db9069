// The customer of a chat sees that somebody writes, and the other way round.
import { csrfToken } from "../shared/net";
import { say } from "./words";

const EVERY = 4_000;
const LASTS = 6_000;

export class Customer {
  private told = 0;
  private timer = 0;

  constructor(private readonly desk: HTMLElement) {
    document.addEventListener("live:typing", (event) => {
      const { who, label } = (event as CustomEvent<{ who: string; label: string }>).detail;
      if (who === "visitor") this.draw(say("hereTyping", { name: label || this.name() }));
    });
  }

  /** A colleague types in the open conversation: a reply, not a note. */
  types(conversation: string): void {
    const isReply = this.desk.querySelector('[data-mode="reply"][aria-pressed="true"]') !== null;
    if (!isReply || Date.now() - this.told < EVERY) return;
    this.told = Date.now();
    void fetch(`/inbox/${conversation}/typing/`, {
      method: "POST",
      headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
      credentials: "same-origin",
    }).catch(() => undefined);
  }

  private name(): string {
    return this.desk.querySelector(".talk-title, .talk h1, .talk h2")?.textContent?.split("#")[0]?.trim() ?? "";
  }

  private draw(words: string): void {
    const place = this.desk.querySelector<HTMLElement>("[data-typing]");
    if (!place) return;
    clearTimeout(this.timer);
    place.textContent = words;
    if (words) this.timer = window.setTimeout(() => this.draw(""), LASTS);
  }
}
