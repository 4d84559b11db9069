// Who else has this conversation open, and who is writing: so that two don't answer at once.
import { newId } from "../shared/ids";
import { csrfToken } from "../shared/net";
import { say } from "./words";

interface Person {
  person: string;
  label: string;
  place: string;
  idle: boolean;
}

const EVERY = 8000;

export class Others {
  private readonly tab = newId();
  private readonly people = new Map<string, Person>();
  private conversation = "";
  private typing = false;

  constructor(private readonly desk: HTMLElement) {
    document.addEventListener("live:presence", (event) => {
      const { here, ...one } = (event as CustomEvent<Person & { here: boolean }>).detail;
      if (!one.place.endsWith(this.conversation) && here) return;
      if (here) this.people.set(one.person, one);
      else this.people.delete(one.person);
      this.draw();
    });
    document.addEventListener("visibilitychange", () => void this.say());
    window.addEventListener("pagehide", () => this.leave());
    window.setInterval(() => void this.say(), EVERY);
  }

  at(conversation: string): void {
    if (conversation === this.conversation) return this.draw();
    if (this.conversation) this.leave();
    this.conversation = conversation;
    this.typing = false;
    this.people.clear();
    this.draw();
    void this.say();
  }

  types(typing: boolean): void {
    if (typing === this.typing) return;
    this.typing = typing;
    void this.say();
  }

  private fields(more: Record<string, string> = {}): URLSearchParams {
    const place = `${this.typing ? "writing" : "reading"}:${this.conversation}`;
    const idle = document.hidden ? "1" : "";
    return new URLSearchParams({ topic: `conversation:${this.conversation}`, tab: this.tab, place, idle, ...more });
  }

  private async say(): Promise<void> {
    const { conversation } = this;
    if (!conversation) return;
    const answer = await fetch(this.desk.dataset["here"] ?? "", {
      method: "POST",
      body: this.fields(),
      headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
      credentials: "same-origin",
    }).catch(() => null);
    if (!answer?.ok || conversation !== this.conversation) return;
    const { people } = (await answer.json()) as { people: Person[] };
    this.people.clear();
    for (const one of people) this.people.set(one.person, one);
    this.draw();
  }

  private leave(): void {
    if (!this.conversation) return;
    navigator.sendBeacon(this.desk.dataset["here"] ?? "", this.fields({ gone: "1", csrfmiddlewaretoken: csrfToken() }));
  }

  private draw(): void {
    const place = this.desk.querySelector<HTMLElement>("[data-others]");
    if (!place) return;
    const others = [...this.people.values()].filter((one) => one.person !== this.desk.dataset["me"]);
    const writes = others.find((one) => one.place.startsWith("writing:"));
    const [first] = others;
    const words = writes
      ? say("hereTyping", { name: writes.label })
      : others.length > 1
        ? say("hereMore", { n: others.length })
        : first
          ? say("hereOne", { name: first.label })
          : "";
    if (place.textContent !== words) place.textContent = words;
  }
}
