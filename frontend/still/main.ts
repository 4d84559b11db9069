// A map to look at only: stage by stage on a phone, and as a presentation.
import { startPresenting } from "../board/present";
import { showStage, startStages } from "../board/stages";

document.documentElement.classList.add("scripts");

class StillBoard extends HTMLElement {
  private gone: AbortController | undefined;

  connectedCallback(): void {
    this.gone = new AbortController();
    const { signal } = this.gone;
    startStages(this, signal);
    showStage(this, 1);
    if (document.querySelector("#present")) startPresenting(this, signal);
    for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print(), { signal });
    for (const button of document.querySelectorAll("#present [data-dialog-close]"))
      button.addEventListener("click", () => document.querySelector<HTMLDialogElement>("#present")?.close(), { signal });
    document.addEventListener("keydown", (event) => this.onKey(event), { signal });
  }

  disconnectedCallback(): void {
    this.gone?.abort();
  }

  private onKey(event: KeyboardEvent): void {
    const typing = event.target instanceof Element && event.target.closest("input, textarea, select, dialog");
    if (event.key !== "p" || event.ctrlKey || event.metaKey || event.altKey || typing) return;
    document.querySelector<HTMLElement>("[data-present]")?.click();
  }
}

customElements.define("still-board", StillBoard);
