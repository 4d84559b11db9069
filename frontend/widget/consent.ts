// May this visitor be counted? Until somebody says yes, nothing is stored in the browser and nothing is sent.
import { read, write } from "./store";

export type Consent = "granted" | "denied" | "unknown";

declare global {
  interface Navigator {
    globalPrivacyControl?: boolean;
  }
}

const isAnswer = (text: string | null | undefined): text is "granted" | "denied" =>
  text === "granted" || text === "denied";

/** The answer the visitor gave, else the one the shop has for him (`given`), else the browser's refusal. */
export function consent(given?: string): Consent {
  const answered = read("consent");
  if (isAnswer(answered)) return answered;
  if (isAnswer(given)) return given;
  return navigator.globalPrivacyControl ? "denied" : "unknown";
}

/** Keeps the answer; a refusal takes everything else away that was stored. */
export function remember(answer: string): void {
  if (!isAnswer(answer)) {
    console.error("Parcours: consent is “granted” or “denied”.");
    return;
  }
  write("consent", answer);
}
