// While the size changes, the map as it was drawn is scaled like a picture; when it rests, it is laid out anew.

const RESTS_AFTER = 180;

/** A change of size under way: `x` and `y` in the frame stay where they are. */
interface Change {
  board: HTMLElement;
  from: number;
  now: number;
  x: number;
  y: number;
  /** The map, then its heads, as they were when it began. */
  parts: HTMLElement[];
  frame: number;
  timer: number;
}

let change: Change | undefined;

/** Where the size is going; else undefined. */
export const goingTo = (board: HTMLElement): number | undefined => (change?.board === board ? change.now : undefined);

export function scaleTo(board: HTMLElement, from: number, now: number, at?: { x: number; y: number }): void {
  if (change?.board !== board) {
    settle();
    const frame = board.getBoundingClientRect();
    const [x, y] = at ? [at.x - frame.left, at.y - frame.top] : [frame.width / 2, frame.height / 2];
    change = { board, from, now, x, y, parts: parts(board), frame: 0, timer: 0 };
    board.dataset["scaling"] = "";
  }
  change.now = now;
  window.clearTimeout(change.timer);
  if (change.frame) return; // a wheel may turn several times a frame
  const mine = change;
  mine.frame = requestAnimationFrame(() => {
    mine.frame = 0;
    if (change !== mine) return;
    draw(mine);
    mine.timer = window.setTimeout(settle, RESTS_AFTER); // from when it is seen, however slow the machine is
  });
}

/** Lays the map out in its new size. */
export function settle(): void {
  if (!change) return;
  const { board, from, now, x, y, parts, timer } = change;
  change = undefined;
  window.clearTimeout(timer);
  const [left, top] = [board.scrollLeft + x, board.scrollTop + y];
  delete board.dataset["scaling"];
  for (const part of parts) part.style.transform = part.style.transformOrigin = "";
  board.dataset["zoom"] = String(now);
  board.scrollTo((left * now) / from - x, (top * now) / from - y);
}

function draw({ board, from, now, x, y, parts }: Change): void {
  const scale = now / from;
  const drawn = from / 100; // lengths within the map are those of its own size
  const [map, ...heads] = parts;
  if (!map) return;
  map.style.transformOrigin = `${(board.scrollLeft + x) / drawn}px ${(board.scrollTop + y) / drawn}px`;
  map.style.transform = `scale(${scale})`;
  // Heads keep to the edges of the frame.
  const [across, down] = [(x - x / scale) / drawn, (y - y / scale) / drawn];
  for (const head of heads) {
    const isCorner = head.matches(".corner");
    const isLane = head.matches(".lane-head");
    head.style.transform = `translate(${isCorner || isLane ? across : 0}px, ${isLane ? 0 : down}px)`;
  }
}

/** The map, then its heads. */
function parts(board: HTMLElement): HTMLElement[] {
  return [...board.querySelectorAll<HTMLElement>(".map, .map .corner, .map .stage-head, .map .lane-head")];
}
