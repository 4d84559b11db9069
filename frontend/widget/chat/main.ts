// The chat: what the visitor sees and does. Loaded by the button's code when it is needed.
import { Composer, draftOf } from "./composer";
import { el, icon, sheet } from "./dom";
import { away, before, rating } from "./forms";
import { TOKEN, type Chat, type Host } from "./host";
import { Log } from "./log";
import { Net, Refusal, type Message, type State, type Whole } from "./net";
import { Outbox } from "./outbox";
import { chime } from "./sound";
import { Stream } from "./stream";
import { STYLE } from "./style";
import { words as wordsOf } from "./words";

const CROSS = "M6 6l12 12M18 6L6 18";
const BELL = "M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 20a2 2 0 0 0 4 0";
const TYPING_EVERY = 4_000;
const TYPING_LASTS = 6_000;

class ChatWindow implements Chat {
  #net: Net;
  #log: Log;
  #outbox: Outbox;
  #stream: Stream;
  #composer: Composer;
  #panel: HTMLElement;
  #body: HTMLElement = el("div", { class: "form", hidden: true });
  #talk: HTMLElement;
  #status = el("div", { class: "status", role: "status" });
  #offline: HTMLElement;
  #words;
  #state: State = { status: "", agent: "", rating: null, unread: 0, asksRating: false };
  #details: Record<string, unknown> = {};
  #ready: Promise<void> | null = null;
  #identified = "";
  #typed = 0;
  #typingTimer = 0;
  #marked = { delivered: "", read: "" };
  #sound = false;

  constructor(private readonly host: Host) {
    const words = (this.#words = wordsOf(host.config.language));
    this.#net = new Net(host);
    const head = [el("p", { class: "hello" }, host.config.greeting), el("p", { class: "note" }, this.#promise())];
    this.#log = new Log(
      words,
      words.chat(host.config.name),
      head,
      (id) => this.#outbox.again(id),
      () => void this.#older(),
    );
    this.#stream = new Stream(host, this.#net, this.#take, (isConnected) => {
      if (isConnected) this.#outbox.go(0);
    });
    this.#outbox = new Outbox(
      this.#net,
      () => this.#begin(),
      () => this.#log.pending(this.#outbox?.waiting ?? []),
      (_draft, message) => {
        if (message) this.#log.take([message]);
      },
    );
    this.#composer = new Composer(words, (draft) => this.#say(draft), this.#types);
    this.#offline = el("p", { class: "off", role: "status", hidden: navigator.onLine }, words.offline);
    this.#talk = el("div", {}, this.#offline, this.#status, this.#composer.element);
    this.#panel = this.#draw();
    host.root.adoptedStyleSheets = [...host.root.adoptedStyleSheets, sheet(STYLE)];
    host.root.append(this.#panel);
    for (const name of ["online", "offline"]) {
      addEventListener(name, () => {
        this.#offline.hidden = navigator.onLine;
        this.#log.pending(this.#outbox.waiting);
      });
    }
    document.addEventListener("visibilitychange", this.#mark);
    addEventListener("storage", ({ key, newValue }) => {
      if (key === `parcours.${TOKEN}` && newValue && !this.#ready) void this.#begin();
    });
    this.#log.pending(this.#outbox.waiting);
    if (this.#net.token) this.#quietly(this.#begin());
  }

  isOpen(): boolean {
    return !this.#panel.hidden;
  }

  open(): void {
    this.#panel.hidden = false;
    this.host.button.setAttribute("aria-expanded", "true");
    this.host.button.setAttribute("aria-label", this.#words.close);
    this.#show();
    if (this.host.proof() && !this.#ready) this.#quietly(this.#begin());
    this.#log.end();
    this.#mark();
    (this.#panel.querySelector<HTMLElement>(".form:not([hidden]) :is(input,select,textarea)") ?? this.#composer.text).focus();
  }

  close(): void {
    this.#panel.hidden = true;
    this.host.button.setAttribute("aria-expanded", "false");
    this.#badge();
    this.host.button.focus();
  }

  identify(): void {
    if (this.#ready || this.#net.token) this.#quietly(this.#begin().then(() => this.#prove()));
    else if (this.isOpen()) this.#quietly(this.#begin());
  }

  reset(): void {
    this.#net.forget();
    this.#stream.stop();
    this.#outbox.forget();
    this.#composer.forget();
    this.#ready = null;
    this.#identified = "";
    this.#details = {};
    this.#log.take([], true);
    this.#log.foot(null);
    this.#state = { status: "", agent: "", rating: null, unread: 0, asksRating: false };
    this.#badge();
    this.#show();
  }

  // ---- drawing

  #draw(): HTMLElement {
    const { config } = this.host;
    const words = this.#words;
    const close = el("button", { class: "icon", type: "button", "aria-label": words.close, title: words.close });
    close.append(icon(CROSS));
    const sound = el("button", { class: "icon", type: "button", "aria-label": words.sound, title: words.sound });
    sound.setAttribute("aria-pressed", "false");
    sound.append(icon(BELL));
    sound.addEventListener("click", () => {
      this.#sound = !this.#sound;
      sound.setAttribute("aria-pressed", String(this.#sound));
      if (this.#sound) chime();
    });
    close.addEventListener("click", () => this.close());
    const header = el("header", {}, el("h2", {}, config.name), sound, close);
    const panel = el("div", { class: "panel", role: "dialog", "aria-label": words.chat(config.name), hidden: true });
    panel.lang = config.language;
    panel.append(header, this.#body, this.#log.element, this.#talk);
    panel.addEventListener("keydown", (event) => this.#keys(event));
    panel.addEventListener("dragover", (event) => event.preventDefault());
    panel.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!this.#talk.hidden) this.#composer.take(event.dataTransfer?.files);
    });
    return panel;
  }

  /** A form first, where one is asked for and nothing was said yet; else the conversation. */
  #show(): void {
    const { config } = this.host;
    const quiet = !this.#net.token && !this.#outbox.waiting.length && !this.host.proof();
    let form: HTMLElement | null = null;
    if (quiet && config.form) form = away(config, this.#words, (answers) => this.#leave(answers));
    else if (quiet && !Object.keys(this.#details).length) {
      form = before(config, this.#words, async (answers) => {
        this.#details = { asked: true, ...answers };
        await this.#begin();
        this.#show();
        this.#composer.text.focus();
      });
    }
    const shown = form ?? el("div", { class: "form", hidden: true });
    this.#body.replaceWith(shown);
    this.#body = shown;
    this.#log.element.hidden = this.#talk.hidden = form !== null;
  }

  #promise(): string {
    const { config } = this.host;
    return config.open ? config.expect : this.#words.away(config.again);
  }

  #badge(): void {
    this.host.badge(this.isOpen() ? 0 : this.#state.unread);
    if (this.isOpen()) this.host.button.setAttribute("aria-label", this.#words.close);
  }

  #keys(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
    }
    if (event.key !== "Tab" || !matchMedia("(max-width:520px)").matches) return;
    // It fills the screen of a telephone: the page behind is out of reach.
    const all = [...this.#panel.querySelectorAll<HTMLElement>("button,input,select,textarea,a,[tabindex]")];
    const reach = all.filter((each) => each.getClientRects().length > 0);
    const at = this.host.root.activeElement;
    const [first, last] = [reach[0], reach.at(-1)];
    if (event.shiftKey && at === first) {
      event.preventDefault();
      last?.focus();
    } else if (!event.shiftKey && at === last) {
      event.preventDefault();
      first?.focus();
    }
  }

  // ---- talking

  #say(draft: ReturnType<typeof draftOf>): void {
    this.#outbox.add(draft);
    this.#log.foot(null);
    this.#log.end();
  }

  async #leave({ text = "", ...answers }: Record<string, string>): Promise<void> {
    this.#details = { ...answers, offline: true };
    await this.#begin();
    this.#say(draftOf(text));
    this.#show();
  }

  /** The session, what was said in it, and the stream of what comes. */
  #begin(): Promise<void> {
    this.#ready ??= this.#start().catch((fault: unknown) => {
      this.#ready = null;
      throw fault;
    });
    return this.#ready;
  }

  async #start(): Promise<void> {
    const { asked: _asked, ...details } = this.#details;
    let whole: Whole;
    try {
      whole = this.#net.token ? await this.#net.whole(details) : await this.#net.begin(details);
    } catch (fault) {
      if (!(fault instanceof Refusal) || fault.status !== 401) throw fault;
      this.#net.forget(); // an old token: what was said with it is out of reach
      whole = await this.#net.begin(details);
    }
    this.#whole(whole);
    await this.#prove();
    this.#stream.start(whole.last);
    if (this.isOpen()) this.#show();
  }

  async #prove(): Promise<void> {
    const proof = this.host.proof();
    const named = JSON.stringify(proof);
    if (!proof || named === this.#identified) return;
    try {
      this.#whole(await this.#net.call<Whole>("POST", "identify", proof));
      this.#identified = named;
    } catch (fault) {
      if (!(fault instanceof Refusal) || fault.again) throw fault;
      this.#identified = named;
      console.error(`Parcours: ${fault.what}`);
    }
  }

  #whole(whole: Whole): void {
    this.#log.take(whole.messages, true);
    for (const { client } of whole.messages) if (client) this.#outbox.arrived(client);
    this.#log.older(whole.more);
    this.#stated(whole.state);
    this.#mark();
  }

  async #older(): Promise<void> {
    const first = this.#log.messages[0];
    if (!first) return;
    const page = await this.#net.call<Whole>("GET", `messages?before=${first.id}`).catch(() => null);
    if (!page) return;
    this.#log.take(page.messages);
    this.#log.older(page.more);
  }

  #stated(state: State): void {
    const was = this.#state;
    this.#state = state;
    this.#badge();
    if (state.status === "closed" && was.status !== "closed") this.#status.textContent = this.#words.closed;
    if (state.status === "open") this.#status.textContent = "";
    if (state.asksRating && !was.asksRating) {
      this.#log.foot(
        rating(this.#words, async (score, said) => {
          this.#stated(await this.#net.call<State>("POST", "rating", { score, words: said }));
        }),
      );
    } else if (state.status === "open") this.#log.foot(null);
  }

  // ---- what comes

  #take = (name: string, data: unknown): void => {
    if (name === "message") this.#message(data as Message);
    else if (name === "state") this.#stated(data as State);
    else if (name === "seen") this.#log.seen((data as { upTo: string }).upTo);
    else if (name === "typing") this.#typing(this.#words.types((data as { name: string }).name));
    else if (name === "reload") this.#quietly(this.#net.whole().then((whole) => this.#whole(whole)));
    else if (name === "lost") {
      this.#ready = null;
      this.#quietly(this.#begin());
    }
  };

  #message(message: Message): void {
    const isNew = this.#log.take([message]);
    if (message.client) this.#outbox.arrived(message.client);
    if (message.author === "me" || !isNew) return;
    this.#typing("");
    this.#state = { ...this.#state, unread: this.#state.unread + 1 };
    this.#badge();
    if (this.#sound) chime();
    this.#mark();
  }

  #typing(text: string): void {
    clearTimeout(this.#typingTimer);
    this.#status.textContent = text;
    if (text) this.#typingTimer = setTimeout(() => this.#typing(""), TYPING_LASTS);
  }

  #types = (): void => {
    if (!this.#net.token || Date.now() - this.#typed < TYPING_EVERY) return;
    this.#typed = Date.now();
    this.#quietly(this.#net.call("POST", "typing", {}));
  };

  /** Tells how far the team's messages have come: to the page, or before the visitor's eyes. */
  #mark = (): void => {
    const last = this.#log.messages.filter((message) => message.author !== "me").at(-1);
    if (!last) return;
    const step = this.isOpen() && document.visibilityState === "visible" ? "read" : "delivered";
    if (step === "read") {
      this.#state = { ...this.#state, unread: 0 };
      this.#badge();
    }
    if (this.#marked[step] === last.id || this.#marked.read === last.id) return;
    this.#marked[step] = last.id;
    this.#quietly(
      this.#net.call("POST", "mark", { message: last.id, step }).catch((fault: unknown) => {
        this.#marked[step] = "";
        throw fault;
      }),
    );
  };

  /** What may fail without harm: it is done again when there is a reason. */
  #quietly(work: Promise<unknown>): void {
    work.catch(() => undefined);
  }
}

/** Called by the button's code, once a page. */
export function start(host: Host): Chat {
  return new ChatWindow(host);
}
