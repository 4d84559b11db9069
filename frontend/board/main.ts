import { Axes, startAxes } from "./axes";
import { startAxisDrag } from "./axisdrag";
import { Board } from "./board";
import { idOf } from "./cards";
import { startClip } from "./clip";
import { openComposer } from "./composer";
import { openDrawer, startDrawer } from "./drawer";
import { startEmotion } from "./emotion";
import { startDrag } from "./drag";
import { Find } from "./find";
import { startFirstSteps } from "./firststeps";
import { countCards, startFolding } from "./fold";
import { rove, startKeys } from "./keys";
import { Live } from "./live";
import { startLook } from "./look";
import { startMenu } from "./menu";
import { startPresenting } from "./present";
import { startProposals } from "./proposals";
import { startSelecting } from "./select";
import { startShortcuts } from "./shortcuts";
import { showStage, startStages } from "./stages";
import { startUndo } from "./undo";
import { Unproved } from "./unproved";
import { makeWide, wideStage } from "./wide";
import { startZoom } from "./zoom";
import { startComments } from "./comments";
import { startPresence } from "./presence";

class JourneyBoard extends HTMLElement {
  private gone: AbortController | undefined;
  private board: Board | undefined;
  private live: Live | undefined;
  private scrolled: [number, number] = [0, 0];

  connectedCallback(): void {
    this.gone = new AbortController();
    const { signal } = this.gone;
    const board = new Board(this);
    this.board = board;
    startStages(this, signal);
    showStage(this, remembered(this));
    this.addEventListener("scroll", () => (this.scrolled = [this.scrollLeft, this.scrollTop]), { signal, passive: true });
    startComments(board, signal);
    startKeys(board);
    startProposals(signal);
    const live = new Live(board, this.dataset["live"] ?? "");
    const axes = new Axes(board, () => live.reload(true));
    if (board.mayEdit) {
      startDrag(board, signal);
      startMenu(board, signal);
      startSelecting(board, signal);
      startClip(board, signal);
      startUndo(board, signal);
      startAxisDrag(board, axes, signal);
      startFirstSteps(board, signal);
    }
    startAxes(board, axes, signal);
    startFolding(this, signal);
    startZoom(this, signal);
    startPresenting(this, signal);
    const find = new Find(board, signal);
    const unproved = new Unproved(this, signal);
    startShortcuts(board, find, unproved, signal);
    this.addEventListener("click", (event) => onClick(board, event), { signal });
    startDrawer(board, signal);
    startLook(board, signal);
    startEmotion(board, signal);
    this.live = live;
    if (last && last.journey === this.dataset["journey"]) this.goOn(last);
    new MutationObserver(() => this.redrawn(board, find, unproved)).observe(this, { childList: true, subtree: true });
  }

  /** Drawn anew for another period or segment: what was selected, wide and in sight stays so. */
  private goOn({ scroll, selected, wide }: NonNullable<typeof last>): void {
    makeWide(this, wide);
    const cards = selected.map((id) => this.board?.card(id)).filter((card) => card instanceof HTMLElement);
    if (cards.length) this.board?.selection.only(cards);
    this.scrollTo(...scroll);
  }

  /** Cards came, went or were drawn anew. */
  private redrawn(board: Board, find: Find, unproved: Unproved): void {
    if (this.matches("[data-dragging], [data-banding]")) return;
    rove(board);
    find.refresh();
    unproved.refresh();
    board.selection.changed();
    for (const row of this.querySelectorAll<HTMLElement>("[data-folded]")) countCards(row);
  }

  disconnectedCallback(): void {
    this.gone?.abort();
    this.live?.close();
    this.board?.outbox.close();
    last = {
      journey: this.dataset["journey"],
      at: Number(this.dataset["at"]),
      scroll: this.scrolled,
      selected: this.board?.selection.cards.map(idOf) ?? [],
      wide: wideStage(this),
    };
  }
}

let last: { journey: string | undefined; at: number; scroll: [number, number]; selected: string[]; wide: string } | undefined;

/** A map drawn anew (filters, changed stages) stays at the stage that was shown. */
function remembered(element: HTMLElement): number {
  return last && last.journey === element.dataset["journey"] ? last.at : 1;
}

function onClick(board: Board, event: MouseEvent): void {
  if (!(event.target instanceof Element) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const add = event.target.closest(board.mayEdit ? "[data-add], [data-cell] > .cell-hint" : "[data-add]")?.closest<HTMLElement>("[data-cell]");
  const card = event.target.closest("[data-card-open]")?.closest<HTMLElement>("[data-card]");
  if (!add && !card) return;
  event.preventDefault();
  if (add) openComposer(board, add);
  else if (card) void openDrawer(board, card);
}

customElements.define("journey-board", JourneyBoard);
startPresence();
document.querySelector("[data-print]")?.addEventListener("click", () => print());
