// What a point of the curve says while it is moved: for the eyes, since its slider tells everybody else.
import { all } from "../shared/dom";

const bubble = document.createElement("p");
bubble.className = "emotion-said";
bubble.setAttribute("aria-hidden", "true");
let said: HTMLInputElement | undefined;

export const isSaid = (point: HTMLInputElement): boolean => said === point && bubble.isConnected;

export function hush(): void {
  bubble.remove();
  said = undefined;
}

/** Stands above the point, where no finger covers it, and inside its cell. */
export function sayLevel(point: HTMLInputElement): void {
  const cell = point.closest<HTMLElement>("[data-cell]");
  const drawing = cell?.querySelector<HTMLElement>(".emotion-drawing");
  if (!cell || !drawing) return;
  said = point;
  const words = document.createElement("strong");
  words.textContent = point.getAttribute("aria-valuetext");
  bubble.replaceChildren(words, titleOf(cell, point));
  if (bubble.parentElement !== cell) cell.append(bubble);
  const [around, track, at] = [cell, drawing, point].map((each) => each.getBoundingClientRect()) as [DOMRect, DOMRect, DOMRect];
  const scale = around.width / cell.offsetWidth || 1; // the map may be drawn smaller or larger
  const half = bubble.offsetWidth / 2;
  const x = (at.left + at.width / 2 - around.left) / scale;
  const y = (track.top + (track.height * (100 - Number(point.value))) / 200 - around.top) / scale;
  bubble.style.left = `${Math.max(half, Math.min(x, cell.offsetWidth - half))}px`;
  bubble.style.top = `${y}px`;
}

/** Which card it is, where a stage has several. */
function titleOf(cell: HTMLElement, point: HTMLInputElement): string {
  if (all("[data-point]", cell).length < 2) return "";
  const stage = cell.dataset["stageName"] ?? "";
  return (point.getAttribute("aria-label") ?? "").replace(`${stage}: `, "");
}
