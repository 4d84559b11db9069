// “/” in a reply, or its button: quick replies in a list above the field. Arrow keys choose, Enter takes, Escape closes.
import { send } from "../shared/net";
import { plain } from "../shared/text";
import type { Composer } from "./composer";
import { Strip, type Suggested } from "./strip";
import { announce, say } from "./words";

interface Reply {
  id: string;
  shortcut: string;
  name: string;
  text: string;
  /** It belongs to the stage of the conversation. */
  here: boolean;
}

interface Known {
  replies: Reply[];
  suggested: Suggested[];
}

const CALL = /(?:^|\s)\/([\p{L}\p{N}_-]*)$/u;
const MOST = 12;
const NOTHING: Known = { replies: [], suggested: [] };

export class Quick {
  private list: HTMLUListElement | undefined;
  private found: Reply[] = [];
  private chosen = 0;
  private from = 0;
  private known: Promise<Known> | undefined;
  private likely: string[] = [];
  private readonly strip: Strip | undefined;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly composer: Composer,
  ) {
    const { field } = composer;
    const strip = form.querySelector<HTMLElement>("[data-suggested]");
    this.strip = strip ? new Strip(strip, form, composer, (one) => void this.takeAnswer(one)) : undefined;
    field.addEventListener("input", () => void this.look());
    field.addEventListener("keydown", (event) => this.onKey(event));
    field.addEventListener("blur", () => this.close());
    form.querySelector("[data-quick-open]")?.addEventListener("click", () => {
      const before = field.value.slice(0, field.selectionStart);
      composer.setNote(false);
      composer.insert(!before || /\s$/.test(before) ? "/" : " /");
      void this.look();
    });
    this.ask();
  }

  private ready(): Promise<Known> {
    this.known ??= send(this.form.dataset["quick"] ?? "")
      .then((answer) => (answer.status === 200 ? (JSON.parse(answer.text) as Known) : NOTHING))
      .catch(() => {
        this.known = undefined;
        return NOTHING;
      });
    return this.known;
  }

  /** Asks what may answer now: when the conversation is opened, and when the customer wrote again. */
  ask(): void {
    this.known = undefined;
    void this.ready().then(({ suggested }) => this.strip?.show(suggested));
  }

  takeSuggested(at: number): boolean {
    return this.strip?.take(at) ?? false;
  }

  private async takeAnswer(one: Suggested): Promise<void> {
    const { replies } = await this.ready();
    const reply = one.kind === "reply" ? replies.find((each) => each.id === one.key) : undefined;
    this.composer.setNote(false);
    this.composer.insert(reply?.text ?? [one.text, one.url].filter(Boolean).join("\n"));
    if (reply) this.composer.uses(reply.id);
    this.strip?.draw();
    this.composer.findGap();
  }

  /** It was answered: nothing is suggested until the customer writes again. */
  answered(): void {
    this.strip?.show([]);
  }

  private get call(): RegExpExecArray | null {
    const { field } = this.composer;
    return this.composer.mode === "reply" ? CALL.exec(field.value.slice(0, field.selectionStart)) : null;
  }

  private async look(): Promise<void> {
    if (!this.call) return this.close();
    const { replies, suggested } = await this.ready();
    const { call } = this;
    const { field } = this.composer;
    if (!call || document.activeElement !== field) return this.close();
    const wanted = plain(call[1] ?? "");
    this.likely = suggested.map((one) => one.key);
    this.found = replies
      .filter((one) => plain(one.shortcut).startsWith(wanted) || plain(one.name).includes(wanted))
      .sort((one, other) => this.rank(one) - this.rank(other))
      .slice(0, MOST);
    this.from = field.selectionStart - (call[1] ?? "").length - 1;
    this.chosen = 0;
    this.draw();
  }

  /** What is suggested stands first, then what belongs to the stage. */
  private rank(one: Reply): number {
    const at = this.likely.indexOf(one.id);
    return at >= 0 ? at : one.here ? MOST : MOST + 1;
  }

  private draw(): void {
    const { field } = this.composer;
    if (!this.list) {
      this.list = document.createElement("ul");
      this.list.className = "quick-list";
      this.list.id = "quick-list";
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", say("quick"));
      this.list.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-at]") : null;
        if (row) this.take(Number(row.dataset["at"]));
      });
      field.after(this.list);
      field.setAttribute("aria-controls", this.list.id);
    }
    this.list.replaceChildren(...(this.found.length ? this.found.map((one, at) => this.row(one, at)) : [nothing()]));
    announce(this.found.length ? say("found", { n: this.found.length }) : say("nothing"));
    this.mark();
  }

  private row(one: Reply, at: number): HTMLElement {
    const item = document.createElement("li");
    item.className = "menu-item";
    item.id = `quick-${at}`;
    item.dataset["at"] = String(at);
    item.setAttribute("role", "option");
    const shortcut = document.createElement("span");
    shortcut.className = "mono";
    shortcut.textContent = `/${one.shortcut}`;
    const words = document.createElement("span");
    words.className = "quick-words soft small";
    words.textContent = one.text;
    item.append(shortcut, words);
    if (this.likely.includes(one.id)) {
      const fits = document.createElement("span");
      fits.className = "tag accent";
      fits.textContent = say("fits");
      item.append(fits);
    }
    return item;
  }

  private mark(): void {
    for (const item of this.list?.querySelectorAll<HTMLElement>("[data-at]") ?? []) {
      const here = Number(item.dataset["at"]) === this.chosen;
      item.setAttribute("aria-selected", String(here));
      if (here) item.scrollIntoView({ block: "nearest" });
    }
    if (this.found.length) this.composer.field.setAttribute("aria-activedescendant", `quick-${this.chosen}`);
  }

  private onKey(event: KeyboardEvent): void {
    if (!this.list || event.isComposing || event.ctrlKey || event.metaKey) return;
    const count = this.found.length;
    if (event.key === "Escape") this.close();
    else if (!count) return;
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.chosen = (this.chosen + (event.key === "ArrowDown" ? 1 : -1) + count) % count;
      this.mark();
    } else if (event.key === "Enter" || event.key === "Tab") this.take(this.chosen);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private take(at: number): void {
    const one = this.found[at];
    if (!one) return;
    const { field } = this.composer;
    const [from, to] = [this.from, field.selectionStart];
    this.close();
    this.composer.insert(one.text, from, to);
    this.composer.uses(one.id);
    this.composer.findGap();
  }

  private close(): void {
    this.list?.remove();
    this.list = undefined;
    for (const name of ["aria-controls", "aria-activedescendant"]) this.composer.field.removeAttribute(name);
  }
}

function nothing(): HTMLElement {
  const item = document.createElement("li");
  item.className = "menu-note";
  item.setAttribute("role", "option");
  item.setAttribute("aria-disabled", "true");
  item.textContent = say("nothing");
  return item;
}
