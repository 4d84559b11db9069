// Carrying a stage or a row by its name to another place.
import type { Axes } from "./axes";
import { headsOf } from "./axes";
import type { Board } from "./board";

const FAR_ENOUGH = 6;

export function startAxisDrag(board: Board, axes: Axes, signal: AbortSignal): void {
  board.element.addEventListener(
    "pointerdown",
    (event) => {
      const name = event.target instanceof Element ? event.target.closest("[data-axis-name]") : null;
      const head = name?.closest<HTMLElement>("[data-axis]");
      if (!head || event.button !== 0 || !event.isPrimary || event.pointerType === "touch") return;
      event.preventDefault();
      carry(board, axes, head, event);
    },
    { signal },
  );
}

function carry(board: Board, axes: Axes, head: HTMLElement, start: PointerEvent): void {
  const kind = head.dataset["axis"] === "stage" ? "stage" : "lane";
  const heads = headsOf(board.element, kind);
  const from = heads.indexOf(head);
  const end = new AbortController();
  let to: number | undefined;
  let carrying = false;
  const clear = (): void => {
    for (const one of heads) delete one.dataset["dropped"];
  };
  const move = (event: PointerEvent): void => {
    carrying ||= Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > FAR_ENOUGH;
    if (!carrying) return;
    head.dataset["taken"] = "";
    board.element.dataset["dragging"] = "axis";
    const boxes = heads.map((one) => one.getBoundingClientRect());
    const before = boxes.filter((box) =>
      kind === "stage" ? event.clientX > box.left + box.width / 2 : event.clientY > box.top + box.height / 2,
    ).length;
    to = before > from ? before - 1 : before;
    clear();
    const mark = heads[before];
    if (mark) mark.dataset["dropped"] = "before";
    else if (heads.at(-1)) (heads.at(-1) as HTMLElement).dataset["dropped"] = "after";
  };
  const finish = (drop: boolean): void => {
    end.abort();
    clear();
    delete head.dataset["taken"];
    delete board.element.dataset["dragging"];
    if (drop && carrying && to !== undefined) axes.move(head, to);
  };
  const { signal } = end;
  window.addEventListener("pointermove", move, { signal });
  window.addEventListener("pointerup", () => finish(true), { signal });
  window.addEventListener("pointercancel", () => finish(false), { signal });
  window.addEventListener("keydown", (event) => event.key === "Escape" && finish(false), { signal, capture: true });
}
