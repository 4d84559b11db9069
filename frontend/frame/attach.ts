// “Attach to a card” on any page: a dialog with the cards of a journey, found by typing, chosen with the arrows.
import { all, fromHtml } from "../shared/dom";
import { Unreachable, csrfToken, send } from "../shared/net";
import { plain } from "../shared/text";
import { toast } from "../shared/toasts";

export function startAttaching(): void {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[data-attach]") : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void open(link);
  });
}

async function open(link: HTMLAnchorElement): Promise<void> {
  link.setAttribute("aria-busy", "true");
  try {
    const answer = await send(link.href);
    if (answer.status !== 200) location.assign(link.href);
    else show(dialog(), answer.text);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    location.assign(link.href);
  } finally {
    link.removeAttribute("aria-busy");
  }
}

/** The one dialog of the page, made when it is first wanted. */
function dialog(): HTMLDialogElement {
  const there = document.querySelector<HTMLDialogElement>("#attach");
  if (there) return there;
  const made = document.createElement("dialog");
  made.id = "attach";
  made.className = "drawer";
  made.setAttribute("aria-labelledby", "attach-title");
  document.body.append(made);
  made.addEventListener("input", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.matches("[data-attach-words]")) narrow(made, event.target.value);
  });
  made.addEventListener("keydown", (event) => onKey(made, event));
  made.addEventListener("submit", (event) => {
    if (!(event.target instanceof HTMLFormElement)) return;
    event.preventDefault();
    void submit(made, event.target, event.submitter);
  });
  return made;
}

function show(box: HTMLDialogElement, html: string): void {
  const form = fromHtml(html);
  box.replaceChildren(form);
  if (!box.open) box.showModal();
  window.htmx?.process(form);
  form.querySelector<HTMLElement>("[data-attach-words]")?.focus();
}

function narrow(box: HTMLElement, typed: string): void {
  const wanted = plain(typed).split(/\s+/).filter(Boolean);
  for (const row of all<HTMLElement>("[data-attach-row]", box)) {
    const words = plain(row.dataset["attachRow"] ?? "");
    row.hidden = !wanted.every((word) => words.includes(word));
  }
  for (const group of all<HTMLElement>("[data-attach-group]", box)) {
    group.hidden = group.querySelector("[data-attach-row]:not([hidden])") === null;
  }
  const none = box.querySelector<HTMLElement>("[data-attach-none]");
  if (none) none.hidden = cardsIn(box).length > 0;
}

const cardsIn = (box: HTMLElement): HTMLButtonElement[] => all<HTMLButtonElement>("[data-attach-row]:not([hidden]) button", box);

/** From the words down into the cards and back; Enter in the words takes the first card. */
function onKey(box: HTMLElement, event: KeyboardEvent): void {
  const words = box.querySelector<HTMLElement>("[data-attach-words]");
  const cards = cardsIn(box);
  const at = cards.findIndex((card) => card === document.activeElement);
  if (event.target === words && event.key === "Enter") {
    event.preventDefault();
    cards[0]?.click();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (at >= 0 || event.target === words)) {
    event.preventDefault();
    const next = at + (event.key === "ArrowDown" ? 1 : -1);
    (next < 0 ? words : cards[Math.min(next, cards.length - 1)])?.focus();
  }
}

async function submit(box: HTMLDialogElement, form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const response = await fetch(form.action, {
    method: "POST",
    body: new FormData(form, submitter),
    headers: { "HX-Request": "true", "X-Requested-With": "parcours", "X-CSRFToken": csrfToken() },
    credentials: "same-origin",
  }).catch(() => null);
  if (!response || response.status >= 500) return void toast(form.dataset["unreachable"] ?? "", { bad: true });
  const answer = await response.text();
  if (!response.ok) return show(box, answer);
  const done = fromHtml(answer);
  box.close();
  const said = toast(done.dataset["attached"] ?? "");
  const link = done.querySelector("a");
  if (link) {
    link.className = "button small";
    said.querySelector("button")?.before(link);
  }
}
