// The chat's calls: a token in a header, no cookies; begun once, whatever happens at the same time.
import { read, write } from "../store";
import { TOKEN, type Host } from "./host";

export interface SharedFile {
  name: string;
  type: string;
  size: number;
  url: string;
}
export interface Message {
  id: string;
  client: string;
  author: "me" | "agent" | "bot";
  name: string;
  text: string;
  at: string;
  seen: boolean;
  deleted: boolean;
  files: SharedFile[];
}
export interface State {
  status: "" | "open" | "closed";
  agent: string;
  rating: number | null;
  unread: number;
  asksRating: boolean;
}
export interface Whole {
  token?: string;
  last: number;
  state: State;
  details: Record<string, string>;
  identified: boolean;
  messages: Message[];
  more: boolean;
}

/** An answer that says no: trying the same again won't help, unless `again`. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly what: string,
    readonly wait = 0,
  ) {
    super(what);
  }
  get again(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export class Net {
  #beginning: Promise<Whole> | null = null;

  constructor(private readonly host: Host) {}

  get token(): string | null {
    return this.#memory ?? read(TOKEN);
  }
  #memory: string | null = null;

  /** Whose browser this is, is forgotten. */
  forget(): void {
    this.#memory = null;
    write(TOKEN, null);
  }

  async call<Answer>(method: string, address: string, body?: unknown, more: RequestInit = {}): Promise<Answer> {
    const headers: Record<string, string> = { Accept: "application/json" };
    const { token } = this;
    if (token) headers["Authorization"] = `Bearer ${token}`;
    if (body !== undefined && !(body instanceof Blob)) headers["Content-Type"] = "application/json";
    const sent: RequestInit = { method, headers, credentials: "omit", ...more };
    if (body !== undefined) sent.body = body instanceof Blob ? body : JSON.stringify(body);
    const answer = await fetch(`${this.host.base}chat/${address}`, sent).catch(() => null);
    if (!answer) throw new Refusal(0, "");
    if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as Answer;
    const told = (await answer.json().catch(() => ({}))) as { title?: string; detail?: string };
    const wait = Number(answer.headers.get("Retry-After") ?? 0) * 1000;
    throw new Refusal(answer.status, [told.title, told.detail].filter(Boolean).join(" "), wait);
  }

  /** The session, begun if there is none. Tabs that begin at once end up with one. */
  begin(details: Record<string, unknown>): Promise<Whole> {
    this.#beginning ??= this.#locked(async () => {
      if (this.token) return this.whole(details);
      const { config, context, anonymous } = this.host;
      const known = anonymous();
      const whole = await this.call<Whole>("POST", "sessions", {
        account: config.account,
        language: config.language,
        details: { ...details, ...(known && { anonymous_id: known }) },
        context: context(),
      });
      this.#memory = whole.token ?? null;
      write(TOKEN, this.#memory);
      return whole;
    }).finally(() => {
      this.#beginning = null;
    });
    return this.#beginning;
  }

  /** What there is; tells where the visitor is now. */
  whole(details: Record<string, unknown> = {}): Promise<Whole> {
    return this.call<Whole>("POST", "me", { details, context: this.host.context() });
  }

  async #locked(work: () => Promise<Whole>): Promise<Whole> {
    const locks = "locks" in navigator ? navigator.locks : null;
    return locks ? ((await locks.request("parcours.chat", work)) as Whole) : work();
  }
}
