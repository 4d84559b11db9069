import { fill, need } from "../shared/dom";

let sentences: DOMStringMap | undefined;

/** A sentence from the page's own language, with its places filled. */
export function say(name: string, values: Record<string, string | number> = {}): string {
  sentences ??= need<HTMLTemplateElement>("#board-words").dataset;
  return fill(sentences[name] ?? "", values);
}

/** Speaks to screen readers. */
export function announce(sentence: string): void {
  need<HTMLElement>("#board-says").textContent = sentence;
}
