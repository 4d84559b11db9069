// How long customers wait and when answers are due goes on in an open page, by the server's clock.
import { all } from "../shared/dom";
import { announce, say } from "./words";

const EVERY = 5_000;
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const NARROW = "\u202f";
const UNITS = { s: "seconds", min: "minutes", h: "hours", d: "days" };

export class Ticking {
  private readonly ahead: number;

  /** `crossed` is called when something became late, or soon due. */
  constructor(
    private readonly desk: HTMLElement,
    private readonly crossed: () => void,
  ) {
    this.ahead = Number(desk.dataset["now"] ?? 0) - Date.now() / 1000;
    window.setInterval(() => this.tick(), EVERY);
    document.addEventListener("visibilitychange", () => this.tick());
  }

  private tick(): void {
    if (document.hidden) return;
    const now = Date.now() / 1000 + this.ahead;
    let crossed = false;
    for (const mark of all<HTMLElement>("[data-due-at]", this.desk)) crossed = this.due(mark, now) || crossed;
    for (const mark of all<HTMLElement>("[data-waits-since]", this.desk)) {
      write(mark, span(Math.max(now - Number(mark.dataset["waitsSince"]), 0)));
    }
    if (crossed) this.crossed();
  }

  /** Whether it is another kind of due than a moment ago. */
  private due(mark: HTMLElement, now: number): boolean {
    const left = Number(mark.dataset["dueAt"]) - now;
    const from = Number(mark.dataset["warnedFrom"] || Infinity);
    const tone = left <= 0 ? "bad" : now >= from ? "warn" : "";
    const words = say(left <= 0 ? "lateBy" : "dueIn", { time: span(Math.abs(left)) });
    write(mark, words);
    if (["bad", "warn"].every((each) => mark.classList.contains(each) === (each === tone))) return false;
    mark.classList.toggle("bad", tone === "bad");
    mark.classList.toggle("warn", tone === "warn");
    if (mark.closest("[data-conversation]") && tone === "bad") announce(words);
    return true;
  }
}

function write(mark: HTMLElement, words: string): void {
  const place = mark.querySelector("[data-ticks]");
  if (place && place.textContent !== words) place.textContent = words;
}

/** A length of time in its largest fitting unit, as the server says it. */
function span(seconds: number): string {
  if (seconds < MINUTE) return withUnit(seconds, 0, "s");
  if (seconds < HOUR) return withUnit(seconds / MINUTE, 0, "min");
  if (seconds < DAY) return withUnit(seconds / HOUR, 1, "h");
  return withUnit(seconds / DAY, seconds < 10 * DAY ? 1 : 0, "d");
}

function withUnit(number: number, maximumFractionDigits: number, unit: keyof typeof UNITS): string {
  const shown = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits }).format(number);
  return `${shown}${NARROW}${say(UNITS[unit])}`;
}
