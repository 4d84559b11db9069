// Messages in the form of Segment's specification, about one visitor.
import type { Consent } from "./consent";
import { read, write } from "./store";

export type Properties = Record<string, unknown>;
export interface Message extends Properties {
  messageId: string;
}

/** A random id; crypto.randomUUID exists on secure pages only. */
function random(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Messages {
  #anonymous = read("id") ?? random();
  #user = read("user");
  #consent: Consent = "unknown";

  /** Ids live in memory until the visitor agrees; after a refusal none of them remains. */
  allow(consent: Consent): void {
    this.#consent = consent;
    if (consent === "denied") this.is(null, random());
    else this.is(this.#user);
  }

  is(user: string | null, anonymous = this.#anonymous): void {
    this.#user = user;
    this.#anonymous = anonymous;
    if (this.#consent === "unknown") return;
    const granted = this.#consent === "granted";
    write("id", granted ? anonymous : null);
    write("user", granted ? user : null);
  }

  /** The id by which events know this visitor, once they agreed to that. */
  get known(): string | undefined {
    return this.#consent === "granted" ? this.#anonymous : undefined;
  }

  /** Whoever uses the browser next is somebody else. */
  forget(): void {
    this.is(null, random());
  }

  make(type: string, more: Properties): Message {
    return {
      type,
      messageId: random(),
      timestamp: new Date().toISOString(),
      anonymousId: this.#anonymous,
      ...(this.#user ? { userId: this.#user } : {}),
      context: { page: this.page(), locale: navigator.language, library: { name: "parcours-widget" } },
      ...more,
    };
  }

  page(): Properties {
    const { pathname: path, search, href: url } = location;
    return { path, search, url, title: document.title, referrer: document.referrer };
  }
}
