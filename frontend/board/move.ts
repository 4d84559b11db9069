import { all, fill, need } from "../shared/dom";
import type { Board } from "./board";
import { cardsIn, findCell, idOf, openerOf, placeOf, titleOf } from "./cards";
import { moveAll } from "./deeds";
import { say } from "./words";

/** “Move to…”: stage, row and place as three lists; for keyboards, screen readers and small screens. */
export function openMove(board: Board, cards: HTMLElement[]): void {
  const [card] = cards;
  if (!card) return;
  const dialog = need<HTMLDialogElement>("#card-move");
  const form = need<HTMLFormElement>("[data-move-form]", dialog);
  const stage = need<HTMLSelectElement>("#move-stage");
  const lane = need<HTMLSelectElement>("#move-lane");
  const after = need<HTMLSelectElement>("#move-after");
  const from = placeOf(card);
  need("[data-move-title]", dialog).textContent = cards.length > 1 ? say("cards", { n: cards.length }) : titleOf(card);
  options(stage, unique(board, "stage"), from.stage);
  options(lane, unique(board, "lane"), from.lane);

  const target = (): HTMLElement | null => findCell(board.element, stage.value, lane.value);
  const others = (): HTMLElement[] => {
    const cell = target();
    return cell ? cardsIn(cell).filter((other) => !cards.includes(other)) : [];
  };
  const places = (): void => {
    const list: [string, string][] = others().map((other) => [
      idOf(other),
      fill(after.dataset["after"] ?? "", { title: titleOf(other) }),
    ]);
    const here = stage.value === from.stage && lane.value === from.lane;
    options(after, [["", after.dataset["first"] ?? ""], ...list], here ? from.after : (list.at(-1)?.[0] ?? ""));
  };
  places();
  stage.onchange = lane.onchange = places;
  form.onsubmit = (event) => {
    event.preventDefault();
    const cell = target();
    const behind = others();
    const index = behind.findIndex((other) => idOf(other) === after.value) + 1;
    dialog.close();
    if (cell) moveAll(board, cards.filter((one) => one.isConnected), cell, behind[index] ?? null);
    openerOf(card)?.focus();
  };
  dialog.showModal();
  stage.focus();
}

function unique(board: Board, axis: "stage" | "lane"): [string, string][] {
  const names = all<HTMLElement>("[data-cell]", board.element).map((cell): [string, string] => [
    cell.dataset[axis] ?? "",
    cell.dataset[`${axis}Name`] ?? "",
  ]);
  return [...new Map(names)];
}

function options(select: HTMLSelectElement, list: [string, string][], chosen: string): void {
  select.replaceChildren(...list.map(([value, label]) => new Option(label, value, false, value === chosen)));
}
