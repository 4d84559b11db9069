// Who else has this map open: initials in its head, and a thin ring around the card or cell where each of them is.
import { fill } from "../shared/dom";
import { csrfToken } from "../shared/net";
import { newId } from "./cards";

interface Person {
  person: string;
  label: string;
  place: string;
  idle: boolean;
}

const EVERY = 8000;
const RESTS_AFTER = 60_000;
const SLEEPS_AFTER = 20_000;
const SETTLED = 300;
const MOST_SHOWN = 5;

class JourneyPresence extends HTMLElement {
  private readonly tab = newId();
  private readonly people = new Map<string, Person>();
  private gone: AbortController | undefined;
  private place = "";
  private idle = false;
  private asleep = false;
  private beat = 0;
  private settle = 0;
  private rest = 0;
  private sleep = 0;
  private drawing = 0;
  private readonly watch = new MutationObserver(() => this.drawRings());

  connectedCallback(): void {
    this.gone = new AbortController();
    const { signal } = this.gone;
    document.addEventListener("live:presence", (event) => this.heard((event as CustomEvent<Person & { here: boolean }>).detail), { signal });
    document.addEventListener("focusin", () => this.look(), { signal });
    document.addEventListener("focusout", () => this.look(), { signal });
    for (const name of ["pointermove", "pointerdown", "keydown", "scroll"] as const) {
      document.addEventListener(name, () => this.awake(), { signal, passive: true, capture: true });
    }
    document.addEventListener("visibilitychange", () => this.seen(), { signal });
    window.addEventListener("pagehide", () => this.leave(), { signal });
    window.addEventListener("pageshow", (event) => event.persisted && void this.say(), { signal });
    this.addEventListener("click", (event) => this.go(event), { signal });
    const content = document.querySelector("#content");
    if (content) this.watch.observe(content, { childList: true, subtree: true });
    this.beat = window.setInterval(() => void this.say(), EVERY);
    this.awake();
    void this.say();
  }

  disconnectedCallback(): void {
    this.gone?.abort();
    this.watch.disconnect();
    for (const timer of [this.beat, this.settle, this.rest, this.sleep]) window.clearTimeout(timer);
  }

  // Where I am

  private look(): void {
    window.clearTimeout(this.settle);
    this.settle = window.setTimeout(() => {
      const place = whereIs(document.activeElement);
      if (place === this.place) return;
      this.place = place;
      void this.say();
    }, SETTLED);
  }

  private awake(): void {
    window.clearTimeout(this.rest);
    this.rest = window.setTimeout(() => this.setIdle(true), RESTS_AFTER);
    if (this.idle && !document.hidden) this.setIdle(false);
  }

  private setIdle(idle: boolean): void {
    if (this.idle === idle) return;
    this.idle = idle;
    void this.say();
  }

  /** A tab that nobody sees rests at once, and after a while is not there any more. */
  private seen(): void {
    window.clearTimeout(this.sleep);
    if (document.hidden) {
      this.setIdle(true);
      this.sleep = window.setTimeout(() => this.leave(), SLEEPS_AFTER);
    } else {
      this.asleep = false;
      this.idle = false;
      this.awake();
      void this.say();
    }
  }

  private fields(more: Record<string, string> = {}): URLSearchParams {
    const { topic = "" } = this.dataset;
    return new URLSearchParams({ topic, tab: this.tab, place: this.place, idle: this.idle ? "1" : "", ...more });
  }

  private async say(): Promise<void> {
    if (this.asleep) return;
    const answer = await fetch(this.dataset["here"] ?? "", {
      method: "POST",
      body: this.fields(),
      headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" },
      credentials: "same-origin",
    }).catch(() => null);
    if (!answer?.ok || this.asleep) return;
    const { people } = (await answer.json()) as { people: Person[] };
    this.people.clear();
    for (const one of people) this.people.set(one.person, one);
    this.draw();
  }

  private leave(): void {
    this.asleep = true;
    navigator.sendBeacon(this.dataset["here"] ?? "", this.fields({ gone: "1", csrfmiddlewaretoken: csrfToken() }));
  }

  // Where the others are

  private heard({ here, ...one }: Person & { here: boolean }): void {
    if (here) this.people.set(one.person, one);
    else this.people.delete(one.person);
    this.draw();
  }

  private get others(): Person[] {
    return [...this.people.values()].filter((one) => one.person !== this.dataset["me"]);
  }

  private draw(): void {
    const { others } = this;
    this.hidden = others.length === 0;
    const focused = this.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["person"] : "";
    const list = document.createElement("ul");
    list.className = "here-list";
    list.append(...others.slice(0, MOST_SHOWN).map((one) => this.avatar(one)));
    const words = document.createElement("span");
    words.className = "here-words";
    words.textContent = fill(this.dataset["count"] ?? "", { n: others.length + 1 });
    this.replaceChildren(list, words);
    if (focused) this.querySelector<HTMLElement>(`[data-person="${CSS.escape(focused)}"]`)?.focus();
    this.drawRings();
  }

  private avatar(one: Person): HTMLElement {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = `initials here-person ${hue(one.person)}`;
    button.dataset["person"] = one.person;
    button.dataset["tip"] = `here-${one.person}`;
    if (one.idle) button.dataset["idle"] = "";
    button.textContent = initials(one.label);
    const tip = document.createElement("span");
    tip.className = "tip";
    tip.id = `here-${one.person}`;
    tip.setAttribute("role", "tooltip");
    tip.setAttribute("popover", "manual");
    const at = titleAt(one.place);
    tip.textContent = [one.label, one.idle ? (this.dataset["rests"] ?? "") : "", at].filter(Boolean).join(" · ");
    button.setAttribute("aria-label", tip.textContent);
    item.append(button, tip);
    return item;
  }

  /** To where somebody is. */
  private go(event: MouseEvent): void {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-person]") : null;
    const one = button && this.people.get(button.dataset["person"] ?? "");
    const there = one && elementAt(one.place);
    if (!there) return;
    there.scrollIntoView({ block: "center", inline: "center" });
    there.querySelector<HTMLElement>("[data-card-open], [data-add]")?.focus({ preventScroll: true });
  }

  private drawRings(): void {
    window.cancelAnimationFrame(this.drawing);
    this.drawing = window.requestAnimationFrame(() => {
      const wanted = new Map<Element, Person[]>();
      for (const one of this.others) {
        const there = one.idle ? null : elementAt(one.place);
        if (there) wanted.set(there, [...(wanted.get(there) ?? []), one]);
      }
      for (const old of document.querySelectorAll<HTMLElement>("[data-here-now]")) {
        if (!wanted.has(old)) {
          delete old.dataset["hereNow"];
          old.classList.remove(...HUES);
        }
      }
      for (const [there, people] of wanted) {
        const words = people.map((one) => initials(one.label)).join(" ");
        const element = there as HTMLElement;
        if (element.dataset["hereNow"] === words) continue;
        element.dataset["hereNow"] = words;
        element.classList.remove(...HUES);
        element.classList.add(hue(people[0]?.person ?? ""));
      }
    });
  }
}

const HUES = ["here-1", "here-2", "here-3", "here-4", "here-5"];

/** Always the same for a person, whoever looks. */
function hue(person: string): string {
  const sum = [...person].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  return HUES[sum % HUES.length] ?? "here-1";
}

function initials(label: string): string {
  const words = (label.split("@")[0] ?? "").split(/[\s.-]+/).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => (word ?? "").charAt(0).toUpperCase()).join("");
}

function whereIs(focused: Element | null): string {
  const open = document.querySelector<HTMLElement>("#card-drawer[open] [data-card-drawer]");
  if (open) return `card:${open.dataset["cardDrawer"]}`;
  const card = focused?.closest<HTMLElement>("journey-board [data-card]");
  if (card) return `card:${card.dataset["card"]}`;
  const cell = focused?.closest<HTMLElement>("journey-board [data-cell]");
  return cell ? `cell:${cell.dataset["stage"]}:${cell.dataset["lane"]}` : "";
}

function elementAt(place: string): HTMLElement | null {
  const [kind, first = "", second = ""] = place.split(":");
  const board = document.querySelector("journey-board");
  if (!board || !first) return null;
  if (kind === "card") return board.querySelector(`[data-card="${CSS.escape(first)}"]`);
  if (kind !== "cell") return null;
  return board.querySelector(`[data-cell][data-stage="${CSS.escape(first)}"][data-lane="${CSS.escape(second)}"]`);
}

function titleAt(place: string): string {
  const there = elementAt(place);
  if (!there) return "";
  const title = there.querySelector("[data-title]")?.textContent?.trim();
  if (there.dataset["card"]) return title ?? "";
  return [there.dataset["laneName"], there.dataset["stageName"]].filter(Boolean).join(", ");
}

export function startPresence(): void {
  customElements.define("journey-presence", JourneyPresence);
}
