// Conversations on a page: new words come by themselves, but never over words that somebody is writing.
import { all } from "../shared/dom";

const LOOK_AGAIN = 2000;

export function startThreads(): void {
  document.addEventListener("htmx:beforeRequest", (event) => {
    const part = event.target;
    if (!(part instanceof HTMLElement) || !part.matches("[data-threads]") || !busy(part)) return;
    event.preventDefault();
    window.setTimeout(() => part.dispatchEvent(new CustomEvent("followed")), LOOK_AGAIN);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !(event.target instanceof HTMLTextAreaElement)) return;
    const form = event.target.closest<HTMLFormElement>("form.composer-form");
    if (form) form.requestSubmit();
  });
}

function busy(part: HTMLElement): boolean {
  const fields = all<HTMLTextAreaElement>("textarea", part);
  return fields.some((field) => field.value !== field.defaultValue || field === document.activeElement);
}
