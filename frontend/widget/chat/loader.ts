// The button in the corner. The chat itself is loaded at the first click, or when the visitor has talked before.
import { read, write } from "../store";
import { el, icon, sheet } from "./dom";
import { TOKEN, type Chat, type Config, type Host, type Proof } from "./host";

const BUBBLE = "M4 5h16v11H9l-5 4z";
const STYLE = `
:host{all:initial;position:fixed;z-index:2147483000;bottom:20px;right:20px;color-scheme:light dark;
  font:15px/1.45 system-ui,sans-serif}
:host(.left){right:auto;left:20px}
@media print{:host{display:none}}
.go{all:unset;box-sizing:border-box;position:relative;display:grid;place-items:center;width:56px;height:56px;
  border-radius:50%;background:var(--c);color:var(--on);cursor:pointer;box-shadow:0 2px 10px #0004}
.go:focus-visible{outline:3px solid var(--on);box-shadow:0 0 0 6px var(--c)}
.go svg{width:26px;height:26px;fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}
.badge{position:absolute;top:-4px;right:-4px;min-width:20px;box-sizing:border-box;padding:0 5px;border-radius:10px;
  background:#b3261e;color:#fff;font:600 12px/20px system-ui,sans-serif;text-align:center}
.badge[hidden]{display:none}`;
const WORDS = {
  en: { open: "Open the chat", unread: "unread" },
  fr: { open: "Ouvrir la discussion", unread: "non lus" },
};

export interface Asking {
  base: string;
  key: string | undefined;
  chat: string | undefined;
  language: string;
  context(): Record<string, unknown>;
  anonymous(): string | undefined;
}

export class Loader {
  #host: Host | null = null;
  #chat: Promise<Chat> | null = null;
  #proof: Proof | null = null;
  #waits = false;

  constructor(private readonly asking: Asking) {
    void this.#begin();
  }

  async #begin(): Promise<void> {
    const { base, key, chat, language } = this.asking;
    if (!("adoptedStyleSheets" in document)) return;
    const wanted = new URLSearchParams({ ...(key && { key }), ...(chat && { chat }), language });
    const answer = await fetch(`${base}chat/config?${wanted}`, { credentials: "omit" }).catch(() => null);
    if (answer?.status !== 200) {
      if (answer?.status === 403) console.error(`Parcours: ${((await answer.json()) as { title: string }).title}`);
      return;
    }
    const config = (await answer.json()) as Config;
    if (document.readyState === "loading") {
      await new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }));
    }
    this.#draw(config);
    if (this.#waits) void this.open();
    else if (read(TOKEN)) void this.#load();
  }

  #draw(config: Config): void {
    const words = WORDS[config.language];
    const badge = el("span", { class: "badge", hidden: true });
    const button = el("button", { class: "go", type: "button", "aria-label": words.open, "aria-expanded": "false" });
    button.append(icon(BUBBLE), badge);
    const outer = el("div", { class: config.position });
    const root = outer.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet(STYLE)];
    root.append(button);
    outer.style.setProperty("--c", config.colour);
    outer.style.setProperty("--on", isLight(config.colour) ? "#111" : "#fff");
    button.addEventListener("click", () => {
      void this.#load().then((chat) => {
        if (chat.isOpen()) chat.close();
        else chat.open();
      });
    });
    this.#host = {
      ...this.asking,
      config,
      root,
      button,
      badge: (count) => {
        badge.hidden = !count;
        badge.textContent = count > 99 ? "99+" : String(count || "");
        button.setAttribute("aria-label", count ? `${words.open} (${count} ${words.unread})` : words.open);
      },
      proof: () => this.#proof,
    };
    document.body.append(outer);
  }

  #load(): Promise<Chat> {
    const host = this.#host;
    if (!host) return Promise.reject(new Error("no chat"));
    this.#chat ??= (
      import(`${host.base}widget-chat.js`) as Promise<{ start(host: Host): Chat }>
    ).then(
      (code) => code.start(host),
      (fault: unknown) => {
        this.#chat = null;
        throw fault;
      },
    );
    return this.#chat;
  }

  async open(): Promise<void> {
    this.#waits = true;
    if (this.#host) (await this.#load()).open();
  }

  async close(): Promise<void> {
    this.#waits = false;
    (await this.#chat)?.close();
  }

  async identify(proof: Proof): Promise<void> {
    this.#proof = proof;
    (await this.#chat)?.identify();
  }

  async reset(): Promise<void> {
    this.#proof = null;
    write(TOKEN, null);
    (await this.#chat)?.reset();
  }
}

function isLight(colour: string): boolean {
  const full = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (!full) return false;
  const [r = 0, g = 0, b = 0] = full.slice(1).map((pair) => {
    const part = parseInt(pair, 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179;
}
