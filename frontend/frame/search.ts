// Ctrl-K: everything on this page that has a name (`data-find`), and the areas. Arrow keys choose, Enter goes there.
import { all, isTyping, need } from "../shared/dom";
import { plain } from "../shared/text";

export { plain };

const MOST = 12;

interface Find {
  words: string;
  kind: string;
  go: () => void;
}

let found: Find[] = [];
let chosen = 0;

export function startSearch(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#search");
  if (!dialog) return;
  const words = need<HTMLInputElement>("#search-words");
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-search-open]")) open(dialog, words);
  });
  document.addEventListener("keydown", (event) => {
    const wanted = event.key === "k" && (event.ctrlKey || event.metaKey);
    if (!wanted && (event.key !== "/" || isTyping(event.target))) return;
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    open(dialog, words);
  });
  words.addEventListener("input", () => draw(dialog, words.value));
  words.addEventListener("keydown", (event) => onKey(event, dialog));
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[role=option]") : null;
    if (row) take(dialog, Number(row.dataset["at"]));
  });
}

function open(dialog: HTMLDialogElement, words: HTMLInputElement): void {
  words.value = "";
  draw(dialog, "");
  dialog.showModal();
  words.focus();
}

function candidates(): Find[] {
  return all<HTMLElement>("[data-find]").map((element) => ({
    words: (element.dataset["find"] || element.textContent || "").replace(/\s+/g, " ").trim(),
    kind: element.dataset["findKind"] ?? "",
    go: () => {
      if (element instanceof HTMLAnchorElement && !element.hasAttribute("data-card-open")) element.click();
      else {
        element.scrollIntoView({ block: "center", inline: "center" });
        element.focus();
      }
    },
  }));
}

function draw(dialog: HTMLDialogElement, typed: string): void {
  const wanted = plain(typed).split(/\s+/).filter(Boolean);
  found = candidates().filter((one) => wanted.every((word) => plain(`${one.words} ${one.kind}`).includes(word)));
  found = found.slice(0, MOST);
  chosen = 0;
  const list = need<HTMLElement>("#search-found");
  list.replaceChildren(...found.map(row));
  if (!found.length) {
    const nothing = document.createElement("li");
    nothing.className = "menu-note";
    nothing.setAttribute("role", "option");
    nothing.setAttribute("aria-disabled", "true");
    nothing.textContent = dialog.dataset["empty"] ?? "";
    list.append(nothing);
  }
  mark();
}

function row(find: Find, at: number): HTMLElement {
  const item = document.createElement("li");
  item.className = "menu-item";
  item.id = `search-found-${at}`;
  item.dataset["at"] = String(at);
  item.setAttribute("role", "option");
  const words = document.createElement("span");
  words.className = "search-words-found";
  words.textContent = find.words;
  const kind = document.createElement("span");
  kind.className = "soft small";
  kind.textContent = find.kind;
  item.append(words, kind);
  return item;
}

function mark(): void {
  for (const item of all<HTMLElement>("#search-found [data-at]")) {
    const here = Number(item.dataset["at"]) === chosen;
    item.setAttribute("aria-selected", String(here));
    if (here) item.scrollIntoView({ block: "nearest" });
  }
  const words = need("#search-words");
  if (found.length) words.setAttribute("aria-activedescendant", `search-found-${chosen}`);
  else words.removeAttribute("aria-activedescendant");
}

function onKey(event: KeyboardEvent, dialog: HTMLDialogElement): void {
  if (event.key === "Enter") {
    event.preventDefault();
    take(dialog, chosen);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    chosen = (chosen + (event.key === "ArrowDown" ? 1 : -1) + found.length) % Math.max(found.length, 1);
    mark();
  }
}

function take(dialog: HTMLDialogElement, at: number): void {
  const find = found[at];
  if (!find) return;
  dialog.close();
  find.go();
}
