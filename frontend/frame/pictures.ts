// Two pictures of the same page, one drawn over the other; and areas drawn on a picture with the pointer.
import { need } from "../shared/dom";

/** The slider is a range input: the pointer, arrows, Home and End move it. */
class BeforeAfter extends HTMLElement {
  connectedCallback(): void {
    const slide = this.querySelector<HTMLInputElement>("input[type=range]");
    const show = (): void => this.style.setProperty("--at", `${slide?.value ?? 50}%`);
    slide?.addEventListener("input", show);
    show();
  }
}

type Area = [left: number, top: number, width: number, height: number];

/** The areas stand in the text field, one a line; drawing on the picture adds a line. */
class AreaPicker extends HTMLElement {
  connectedCallback(): void {
    const board = this.querySelector<HTMLElement>("[data-board]");
    const field = need<HTMLTextAreaElement>("textarea", this);
    if (!board) return;
    field.addEventListener("input", () => this.draw(read(field.value)));
    this.draw(read(field.value));
    board.addEventListener("pointerdown", (down) => this.drag(board, field, down));
  }

  private drag(board: HTMLElement, field: HTMLTextAreaElement, down: PointerEvent): void {
    if (down.button !== 0) return;
    down.preventDefault();
    board.setPointerCapture(down.pointerId);
    let area: Area = [0, 0, 0, 0];
    const follow = (move: PointerEvent): void => {
      area = between(board, down, move);
      this.draw([...read(field.value), area]);
    };
    const end = (): void => {
      board.removeEventListener("pointermove", follow);
      if (area[2] >= 1 && area[3] >= 1) field.value = `${field.value.trimEnd()}\n${area.join(" ")}`.trimStart();
      this.draw(read(field.value));
    };
    board.addEventListener("pointermove", follow);
    board.addEventListener("pointerup", end, { once: true });
    board.addEventListener("pointercancel", end, { once: true });
  }

  private draw(areas: Area[]): void {
    const shown = this.querySelector("[data-areas]");
    shown?.replaceChildren(
      ...areas.map(([x, y, width, height]) => {
        const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
        for (const [name, value] of Object.entries({ x, y, width, height })) rect.setAttribute(name, String(value));
        return rect;
      }),
    );
  }
}

function read(text: string): Area[] {
  return text
    .split("\n")
    .map((line) => line.replace(/,(?=\d)/g, ".").split(/[;,\s]+/).filter(Boolean).map(Number))
    .filter((numbers): numbers is Area => numbers.length === 4 && numbers.every(Number.isFinite));
}

/** In hundredths of the picture. */
function between(board: HTMLElement, a: PointerEvent, b: PointerEvent): Area {
  const box = board.getBoundingClientRect();
  const within = (value: number): number => Math.min(Math.max(value, 0), 100);
  const xs = [a.clientX, b.clientX].map((x) => within(((x - box.left) / box.width) * 100)).sort((p, q) => p - q);
  const ys = [a.clientY, b.clientY].map((y) => within(((y - box.top) / box.height) * 100)).sort((p, q) => p - q);
  const [left = 0, right = 0] = xs;
  const [top = 0, bottom = 0] = ys;
  const round = (value: number): number => Math.round(value * 10) / 10;
  return [round(left), round(top), round(right - left), round(bottom - top)];
}

export function startPictures(): void {
  if (!customElements.get("before-after")) customElements.define("before-after", BeforeAfter);
  if (!customElements.get("area-picker")) customElements.define("area-picker", AreaPicker);
}
