import { Board } from "./board";
import { openComposer } from "./composer";
import { openDrawer, startDrawer } from "./drawer";
import { startDrag } from "./drag";
import { rove, startHelp, startKeys } from "./keys";
import { Live } from "./live";
import { startMenu } from "./menu";
import { startProposals } from "./proposals";
import { showStage, startStages } from "./stages";

class JourneyBoard extends HTMLElement {
  private gone: AbortController | undefined;
  private board: Board | undefined;
  private live: Live | undefined;

  connectedCallback(): void {
    this.gone = new AbortController();
    const { signal } = this.gone;
    const board = new Board(this);
    this.board = board;
    startStages(this, signal);
    showStage(this, remembered(this));
    startKeys(board);
    startProposals(signal);
    if (board.mayEdit) {
      startDrag(board, signal);
      startMenu(board, signal);
    }
    this.addEventListener("click", (event) => onClick(board, event), { signal });
    startDrawer(board, signal);
    this.live = new Live(board, this.dataset["live"] ?? "");
    new MutationObserver(() => rove(board)).observe(this, { childList: true, subtree: true });
  }

  disconnectedCallback(): void {
    this.gone?.abort();
    this.live?.close();
    this.board?.outbox.close();
    last = { journey: this.dataset["journey"], at: Number(this.dataset["at"]) };
  }
}

let last: { journey: string | undefined; at: number } | undefined;

/** A map drawn anew (filters, changed stages) stays at the stage that was shown. */
function remembered(element: HTMLElement): number {
  return last && last.journey === element.dataset["journey"] ? last.at : 1;
}

function onClick(board: Board, event: MouseEvent): void {
  if (!(event.target instanceof Element) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const add = event.target.closest("[data-add]")?.closest<HTMLElement>("[data-cell]");
  const card = event.target.closest("[data-card-open]")?.closest<HTMLElement>("[data-card]");
  if (!add && !card) return;
  event.preventDefault();
  if (add) openComposer(board, add);
  else if (card) void openDrawer(board, card);
}

customElements.define("journey-board", JourneyBoard);
startHelp();
document.querySelector("[data-print]")?.addEventListener("click", () => print());
