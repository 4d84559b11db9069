// One stage wide, the others narrow: for working on it with the whole journey in sight.
import { all } from "../shared/dom";
import { showStage } from "./stages";
import { announce, say } from "./words";

export const wideStage = (board: HTMLElement): string => board.dataset["focus"] ?? "";

/** Without a stage, all are as wide again. */
export function makeWide(board: HTMLElement, stage: string): void {
  if (stage) board.dataset["focus"] = stage;
  else delete board.dataset["focus"];
  for (const cell of all<HTMLElement>("[data-stage]:is(.stage-head, .cell)", board)) {
    const wide = cell.dataset["stage"] === stage;
    if (wide === "wide" in cell.dataset) continue;
    if (wide) cell.dataset["wide"] = "";
    else delete cell.dataset["wide"];
  }
}

export function toggleWide(board: HTMLElement, stage: string): void {
  const same = wideStage(board) === stage;
  makeWide(board, same ? "" : stage);
  const head = board.querySelector<HTMLTableCellElement>(`.stage-head[data-stage="${CSS.escape(stage)}"]`);
  if (head) showStage(board, head.cellIndex);
  head?.scrollIntoView({ block: "nearest", inline: "center" });
  announce(same ? say("unfocused") : say("focused", { title: head?.dataset["name"] ?? "" }));
}

/** The stage that a key pressed here is meant for: the one with the focus, or under the pointer, or the first. */
export function stageAt(board: HTMLElement): string {
  const focused = document.activeElement?.closest<HTMLElement>("[data-stage]:is(.stage-head, .cell)");
  const pointed = board.querySelector<HTMLElement>(":is(.stage-head, .cell)[data-stage]:hover");
  const first = board.querySelector<HTMLElement>(".stage-head");
  return (focused ?? pointed ?? first)?.dataset["stage"] ?? "";
}
