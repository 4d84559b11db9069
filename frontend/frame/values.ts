// The table of brand values: arrows go from cell to cell, 0 to 4 rate, Delete takes a rating back.
import { all, fromHtml } from "../shared/dom";
import { Unreachable, send } from "../shared/net";
import { toast } from "../shared/toasts";

const STEPS: Record<string, [down: number, right: number]> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
};

class ValueGrid extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("keydown", (event) => this.press(event));
    this.addEventListener("focusin", (event) => this.remember(event.target));
    for (const button of all<HTMLButtonElement>("[data-mode-choice]", this)) {
      button.addEventListener("click", () => this.choose(button.dataset["modeChoice"] ?? "felt"));
    }
    const [first] = this.cells();
    if (first) this.remember(first);
  }

  private cells(): HTMLAnchorElement[] {
    return all<HTMLAnchorElement>("[data-fit]", this);
  }

  /** One cell is reached by Tab: the one that was left. */
  private remember(target: EventTarget | null): void {
    if (!(target instanceof HTMLAnchorElement) || !target.matches("[data-fit]")) return;
    for (const cell of this.cells()) cell.tabIndex = cell === target ? 0 : -1;
  }

  private choose(mode: string): void {
    this.dataset["mode"] = mode;
    for (const button of all<HTMLButtonElement>("[data-mode-choice]", this)) {
      button.setAttribute("aria-pressed", String(button.dataset["modeChoice"] === mode));
    }
  }

  private press(event: KeyboardEvent): void {
    const cell = event.target instanceof HTMLAnchorElement && event.target.matches("[data-fit]") ? event.target : null;
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    const level = /^[0-4]$/.test(event.key) ? event.key : ["Delete", "Backspace"].includes(event.key) ? "" : null;
    if (step) this.move(cell, step);
    else if (level !== null && this.querySelector("[data-rates]")) void this.rate(cell, level);
    else return;
    event.preventDefault();
  }

  private move(cell: HTMLAnchorElement, [down, right]: [number, number]): void {
    const rows = all<HTMLTableRowElement>("tr:has([data-fit])", this);
    const row = cell.closest("tr");
    const at = rows.findIndex((each) => each === row);
    const across = all<HTMLAnchorElement>("[data-fit]", row ?? this).indexOf(cell);
    const target = rows[at + down];
    if (target) all<HTMLAnchorElement>("[data-fit]", target)[across + right]?.focus();
  }

  private async rate(cell: HTMLAnchorElement, level: string): Promise<void> {
    const mode = this.dataset["mode"] ?? "felt";
    const url = cell.dataset[mode] ?? "";
    try {
      const answer = await send(url, { method: "POST", form: new URLSearchParams({ level, mode }) });
      if (answer.status !== 200) {
        toast(fromHtml(answer.text).textContent.trim(), { bad: true });
        return;
      }
      const frame = document.createElement("template");
      frame.innerHTML = `<table><tr>${answer.text}</tr></table>`;
      const fresh = frame.content.querySelector("td");
      const link = fresh?.querySelector<HTMLAnchorElement>("[data-fit]");
      if (!fresh || !link) return;
      cell.closest("td")?.replaceWith(document.importNode(fresh, true));
      const now = this.cells().find((each) => each.getAttribute("href") === link.getAttribute("href"));
      now?.focus();
      const said = this.querySelector("[data-said]");
      if (said && now) said.textContent = now.textContent.replace(/\s+/g, " ").trim();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      toast(this.dataset["unreachable"] ?? "", { bad: true });
    }
  }
}

export function startValues(): void {
  if (!customElements.get("value-grid")) customElements.define("value-grid", ValueGrid);
}
