// The same smooth line as the server draws (canvas/emotion.py), for while a point is being dragged.
export type Dot = [x: number, y: number];

export function path(dots: Dot[]): string {
  const [first] = dots;
  if (!first || dots.length < 2) return "";
  const tangents = tangentsOf(dots);
  let pieces = `M${short(first[0])},${short(first[1])}`;
  for (let at = 1; at < dots.length; at++) {
    const [x0, y0] = dots[at - 1] as Dot;
    const [x1, y1] = dots[at] as Dot;
    const third = (x1 - x0) / 3;
    const [t0, t1] = [tangents[at - 1] ?? 0, tangents[at] ?? 0];
    pieces += `C${short(x0 + third)},${short(y0 + third * t0)},${short(x1 - third)},${short(y1 - third * t1)},${short(x1)},${short(y1)}`;
  }
  return pieces;
}

function tangentsOf(dots: Dot[]): number[] {
  const slopes = dots.slice(1).map(([x, y], at) => {
    const [x0, y0] = dots[at] as Dot;
    return (y - y0) / (x - x0);
  });
  const only = slopes[0] ?? 0;
  if (slopes.length === 1) return [only, only];
  const inner = slopes.slice(1).map((after, at) => innerOf(dots, at + 1, slopes[at] ?? 0, after));
  return [(3 * only - (inner[0] ?? 0)) / 2, ...inner, (3 * (slopes.at(-1) ?? 0) - (inner.at(-1) ?? 0)) / 2];
}

function innerOf(dots: Dot[], at: number, before: number, after: number): number {
  if (before * after <= 0) return 0;
  const [[x0], [x1], [x2]] = [dots[at - 1], dots[at], dots[at + 1]] as [Dot, Dot, Dot];
  const mean = (before * (x2 - x1) + after * (x1 - x0)) / (x2 - x0);
  const size = 2 * Math.min(Math.abs(before), Math.abs(after), Math.abs(mean) / 2);
  return before > 0 ? size : -size;
}

const short = (value: number): string => String(Number(value.toFixed(2)));
