// What the loader hands to the chat's own code, and what it may ask of it.

export interface Config {
  account: string;
  name: string;
  language: "fr" | "en";
  greeting: string;
  colour: string;
  position: "right" | "left";
  ask: Record<"name" | "email" | "topic", "no" | "optional" | "required">;
  topics: string[];
  open: boolean;
  again: string;
  expect: string;
  form: boolean;
}

/** What the shop's server signed: the user's id with its HMAC, or a JWT. */
export interface Proof {
  user?: string;
  signature?: string;
  token?: string;
}

export interface Host {
  base: string;
  config: Config;
  root: ShadowRoot;
  button: HTMLButtonElement;
  /** Shows how many messages are unread. */
  badge(count: number): void;
  context(): Record<string, unknown>;
  anonymous(): string | undefined;
  proof(): Proof | null;
}

export interface Chat {
  open(): void;
  close(): void;
  isOpen(): boolean;
  /** The visitor proved who they are. */
  identify(): void;
  /** Whoever uses the browser next is somebody else. */
  reset(): void;
}

export const TOKEN = "chat";
