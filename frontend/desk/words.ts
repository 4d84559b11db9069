import { fill, need } from "../shared/dom";

/** A sentence from the page's own language, with its places filled. */
export function say(name: string, values: Record<string, string | number> = {}): string {
  return fill(need<HTMLTemplateElement>("#desk-words").dataset[name] ?? "", values);
}

/** Speaks to screen readers. */
export function announce(sentence: string): void {
  need<HTMLElement>("#desk-says").textContent = sentence;
}
