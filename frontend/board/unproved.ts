// Cards without evidence: one button lets everything else step back until it is pressed again.
import { all, fill } from "../shared/dom";

export class Unproved {
  private readonly button = document.querySelector<HTMLElement>("[data-unproved]");
  private readonly words = document.querySelector<HTMLElement>("[data-unproved-count]");

  constructor(
    private readonly board: HTMLElement,
    signal: AbortSignal,
  ) {
    this.button?.addEventListener("click", () => this.show(!this.shown), { signal });
    this.refresh();
  }

  get shown(): boolean {
    return this.button?.getAttribute("aria-pressed") === "true";
  }

  show(on: boolean): void {
    this.button?.setAttribute("aria-pressed", String(on));
    this.refresh();
  }

  /** The map was drawn anew, or cards came, went or were founded. */
  refresh(): void {
    document.body.toggleAttribute("data-only-unproved", this.shown);
    if (!this.words) return;
    const [n, m] = [all(".mark-evidence.none", this.board).length, all("[data-card]", this.board).length];
    const said = this.shown ? fill(this.words.dataset["words"] ?? "", { n, m }) : "";
    if (this.words.textContent !== said) this.words.textContent = said;
  }
}
