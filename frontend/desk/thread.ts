// The messages of the open conversation: older ones by scrolling, new ones in their place, mails in their frames.
import { all, fromHtml, icon } from "../shared/dom";
import { send } from "../shared/net";
import { say } from "./words";

const NEAR_END = 120;

export class Thread {
  private readonly sight: IntersectionObserver;
  private loading = false;

  constructor(readonly scroll: HTMLElement) {
    this.sight = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && void this.older(), {
      root: scroll,
      rootMargin: "300px",
    });
    this.dress();
    const wanted = location.hash.startsWith("#message-") ? scroll.querySelector<HTMLElement>(CSS.escape(location.hash.slice(1)).replace(/^/, "#")) : null;
    wanted?.classList.add("is-found");
    if (wanted) wanted.scrollIntoView({ block: "center" });
    else this.toEnd();
    window.setTimeout(() => this.watchStart(), 300);
  }

  close(): void {
    this.sight.disconnect();
  }

  toEnd(): void {
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  private get atEnd(): boolean {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR_END;
  }

  private watchStart(): void {
    const start = this.scroll.querySelector("[data-older]");
    if (start) this.sight.observe(start);
  }

  private async older(): Promise<void> {
    const start = this.scroll.querySelector<HTMLElement>("[data-older]");
    if (!start || this.loading) return;
    this.loading = true;
    const answer = await send(start.dataset["older"] ?? "").catch(() => undefined);
    this.loading = false;
    if (answer?.status !== 200) return;
    const below = this.scroll.scrollHeight - this.scroll.scrollTop;
    const fresh = children(answer.text);
    // The day that both parts share is named once, above.
    const days = new Set(fresh.map((part) => part.dataset["day"]).filter(Boolean));
    for (const day of all<HTMLElement>("[data-day]", this.scroll)) if (days.has(day.dataset["day"])) day.remove();
    start.replaceWith(...fresh);
    this.scroll.scrollTop = this.scroll.scrollHeight - below;
    this.dress();
    this.watchStart();
  }

  message(id: string): HTMLElement | null {
    return this.scroll.querySelector(`[data-message="${CSS.escape(id)}"]`);
  }

  /** What the server drew of one message takes the place of what stands here. */
  put(html: string): void {
    const end = this.atEnd;
    for (const fresh of children(html)) {
      const old = this.message(fresh.dataset["message"] ?? "");
      if (old?.outerHTML === fresh.outerHTML) continue;
      if (old) old.replaceWith(fresh);
      else this.scroll.append(fresh);
    }
    this.dress();
    if (end) this.toEnd();
  }

  async fetch(id: string): Promise<number | undefined> {
    const answer = await send(`/inbox/messages/${id}/`).catch(() => undefined);
    if (answer?.status === 200) this.put(answer.text);
    return answer?.status;
  }

  /** What another tab had on its way: stored, or refused, and then its words are there again. */
  async settle(id: string): Promise<void> {
    if ((await this.fetch(id)) === 404) this.drop(id);
  }

  /** The newest messages as the server drew them; older ones and those that wait to be stored stay. */
  take(page: HTMLElement): void {
    const end = this.atEnd;
    const fresh = [...page.children].filter((part): part is HTMLElement => part instanceof HTMLElement);
    const first = fresh.find((part) => part.dataset["message"] && this.message(part.dataset["message"]));
    const known = first ? this.message(first.dataset["message"] ?? "") : null;
    const from = first ? fresh.indexOf(first) : 0;
    if (!known) {
      const waiting = all<HTMLElement>("[data-waits]", this.scroll);
      this.scroll.replaceChildren(...fresh, ...waiting);
    } else {
      for (let next = known.nextElementSibling; next; next = known.nextElementSibling) {
        if (!(next instanceof HTMLElement) || next.dataset["waits"] === undefined) this.shelf.append(next);
        else this.later.append(next);
      }
      for (const part of fresh.slice(from + 1)) {
        const id = part.dataset["message"];
        const same = id ? this.shelf.querySelector(`[data-message="${CSS.escape(id)}"]`) : null;
        this.later.querySelector(`[data-message="${CSS.escape(id ?? "none")}"]`)?.remove();
        this.scroll.append(same?.outerHTML === part.outerHTML ? same : part);
      }
      this.scroll.append(...this.later.childNodes);
      this.shelf.replaceChildren();
      if (known.outerHTML !== first?.outerHTML && first) known.replaceWith(first);
    }
    this.dress();
    if (end) this.toEnd();
  }

  private readonly shelf = document.createElement("div");
  private readonly later = document.createElement("div");

  /** Shown before it is stored. */
  waits(id: string, text: string, isNote: boolean, files: string[]): void {
    if (this.message(id)) return;
    const box = document.createElement("article");
    box.className = `said said-${isNote ? "note" : "out"}`;
    box.id = `message-${id}`;
    box.dataset["message"] = id;
    box.dataset["waits"] = "";
    const head = document.createElement("header");
    head.className = "said-head small";
    const who = document.createElement("span");
    who.className = "strong";
    who.textContent = say("you");
    head.append(who);
    if (isNote) head.append(soft(say("note")));
    const words = document.createElement("div");
    words.className = "said-text";
    words.textContent = text;
    const foot = document.createElement("footer");
    foot.className = "said-foot small";
    const step = soft(say("waiting"));
    step.classList.add("said-step");
    step.prepend(icon("clock"));
    foot.append(step);
    box.append(head, words, ...files.map((name) => soft(name)), foot);
    this.scroll.append(box);
    this.toEnd();
  }

  /** The server said no, and something else stands in the field by now: the words stay here, to be taken from. */
  failed(id: string, why: string): void {
    const step = this.message(id)?.querySelector(".said-step");
    if (!step) return;
    step.className = "said-failed";
    step.replaceChildren(icon("warning"), why);
  }

  drop(id: string): void {
    const box = this.message(id);
    if (box?.dataset["waits"] !== undefined) box?.remove();
  }

  /** Mails are as tall as their text; pictures from elsewhere wait to be asked for. */
  private dress(): void {
    for (const frame of all<HTMLIFrameElement>("[data-mail]:not([data-dressed])", this.scroll)) {
      frame.dataset["dressed"] = "";
      const fit = (): void => this.fit(frame);
      frame.addEventListener("load", fit);
      fit();
    }
  }

  private fit(frame: HTMLIFrameElement): void {
    const body = frame.contentDocument?.body;
    if (!body?.childNodes.length) return;
    const end = this.atEnd;
    const height = (): string => (frame.style.height = `${Math.min(body.offsetHeight + 16, 2400)}px`);
    height();
    body.addEventListener("toggle", height, { capture: true });
    const button = frame.closest(".said")?.querySelector<HTMLElement>("[data-mail-images]");
    const remote = body.querySelector('img[src^="http"], [background^="http"], [style*="url("]') !== null;
    if (button) button.hidden = !remote || frame.src.includes("images=1");
    if (end) this.toEnd();
  }

  /** A click on “Show its pictures”. */
  showPictures(button: HTMLElement): void {
    const frame = button.closest(".said")?.querySelector<HTMLIFrameElement>("[data-mail]");
    if (frame) frame.src = `${frame.getAttribute("src")?.split("?")[0] ?? ""}?images=1`;
    button.hidden = true;
  }
}

function soft(words: string): HTMLElement {
  const span = document.createElement("span");
  span.className = "soft";
  span.textContent = words;
  return span;
}

function children(html: string): HTMLElement[] {
  return [...fromHtml(`<div>${html}</div>`).children].filter((part): part is HTMLElement => part instanceof HTMLElement);
}
