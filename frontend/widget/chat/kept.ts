// Words that were begun and not sent: as long as the tab, over reloads of its page.

const KEPT = "parcours.chat.draft";

export function begun(): string {
  try {
    return sessionStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}

/** Nothing removes them. */
export function keep(text: string): void {
  try {
    if (text.trim()) sessionStorage.setItem(KEPT, text);
    else sessionStorage.removeItem(KEPT);
  } catch {
    // They last as long as the page.
  }
}
