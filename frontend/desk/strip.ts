// Answers that may fit, above the field as long as nothing is written: a click or 1, 2, 3 puts one in.
import type { Composer } from "./composer";
import { say } from "./words";

/** An answer that may fit: a quick reply by its id, or something else with words of its own. */
export interface Suggested {
  kind: string;
  key: string;
  name: string;
  text: string;
  url: string;
  reason: string;
}

export class Strip {
  private suggested: Suggested[] = [];

  constructor(
    private readonly list: HTMLElement,
    form: HTMLFormElement,
    private readonly composer: Composer,
    private readonly ontake: (one: Suggested) => void,
  ) {
    list.addEventListener("click", (event) => {
      const chip = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-suggested-at]") : null;
      if (chip) this.take(Number(chip.dataset["suggestedAt"]));
    });
    form.addEventListener("click", () => this.draw());
    composer.field.addEventListener("input", () => this.draw());
  }

  show(suggested: Suggested[]): void {
    this.suggested = suggested;
    this.list.replaceChildren(...suggested.map((one, at) => chip(one, at)));
    this.draw();
  }

  take(at: number): boolean {
    const one = this.suggested[at];
    if (!one || this.list.hidden) return false;
    this.ontake(one);
    return true;
  }

  /** Shown while nothing is written. */
  draw(): void {
    this.list.hidden = !this.suggested.length || this.composer.mode === "note" || this.composer.field.value !== "";
  }
}

function chip(one: Suggested, at: number): HTMLElement {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small";
  button.dataset["suggestedAt"] = String(at);
  button.setAttribute("aria-label", say("suggested", { name: one.name, reason: one.reason }));
  const key = document.createElement("kbd");
  key.textContent = String(at + 1);
  const name = document.createElement("span");
  name.textContent = one.kind === "reply" ? `/${one.name}` : one.name;
  const reason = document.createElement("span");
  reason.className = "soft";
  reason.textContent = one.reason;
  button.append(key, name, reason);
  item.append(button);
  return item;
}
