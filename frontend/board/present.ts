// The map for a room: one stage a sheet with big type, arrows from sheet to sheet, Escape back to the map.
import { all, fill, need } from "../shared/dom";
import { showStage, stageShown } from "./stages";
import { stageAt } from "./wide";

const SWIPE = 60;

export function startPresenting(board: HTMLElement, signal: AbortSignal): void {
  const dialog = need<HTMLDialogElement>("#present");
  for (const button of all("[data-present]")) button.addEventListener("click", () => present(board), { signal });
  dialog.addEventListener("click", (event) => onClick(board, dialog, event), { signal });
  dialog.addEventListener("keydown", (event) => onKey(board, dialog, event), { signal });
  dialog.addEventListener(
    "close",
    () => {
      if (document.fullscreenElement) void document.exitFullscreen().catch(() => undefined);
      showStage(board, sheet(dialog));
    },
    { signal },
  );
  document.addEventListener("fullscreenchange", () => !document.fullscreenElement && dialog.open && dialog.close(), { signal });
  let start: Touch | undefined;
  dialog.addEventListener("touchstart", (event) => (start = event.touches[0]), { passive: true, signal });
  dialog.addEventListener(
    "touchend",
    (event) => {
      const end = event.changedTouches[0];
      if (!start || !end) return;
      const [x, y] = [end.clientX - start.clientX, end.clientY - start.clientY];
      if (Math.abs(x) > SWIPE && Math.abs(x) > 2 * Math.abs(y)) go(board, dialog, sheet(dialog) + (x < 0 ? 1 : -1));
    },
    { passive: true, signal },
  );
}

export function present(board: HTMLElement): void {
  const dialog = need<HTMLDialogElement>("#present");
  if (dialog.open) return;
  const heads = all<HTMLElement>(".stage-head", board);
  const focused = heads.findIndex((head) => head.dataset["stage"] === stageAt(board)) + 1;
  const line = need<HTMLElement>("[data-present-line]", dialog);
  line.replaceChildren(...heads.map((head, at) => mark(head.dataset["name"] ?? "", at + 1)));
  dialog.showModal();
  void document.documentElement.requestFullscreen?.().catch(() => undefined);
  go(board, dialog, focused || stageShown(board));
}

const sheet = (dialog: HTMLElement): number => Number(dialog.dataset["sheet"] ?? 1);

function mark(name: string, at: number): HTMLElement {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.dataset["presentTo"] = String(at);
  button.title = name;
  button.setAttribute("aria-label", name);
  item.append(button);
  return item;
}

function onClick(board: HTMLElement, dialog: HTMLDialogElement, event: MouseEvent): void {
  if (!(event.target instanceof Element)) return;
  const step = event.target.closest<HTMLElement>("[data-present-step]")?.dataset["presentStep"];
  const chosen = event.target.closest<HTMLElement>("button[data-present-to]")?.dataset["presentTo"];
  const numbers = event.target.closest<HTMLElement>("[data-present-numbers]");
  if (step) go(board, dialog, sheet(dialog) + Number(step));
  else if (chosen) go(board, dialog, Number(chosen));
  else if (numbers) showNumbers(dialog, "plain" in dialog.dataset);
}

function showNumbers(dialog: HTMLElement, shown: boolean): void {
  if (shown) delete dialog.dataset["plain"];
  else dialog.dataset["plain"] = "";
  need("[data-present-numbers]", dialog).setAttribute("aria-pressed", String(shown));
}

function onKey(board: HTMLElement, dialog: HTMLDialogElement, event: KeyboardEvent): void {
  const onButton = event.target instanceof Element && event.target.closest("button") !== null;
  const last = all("[data-present-line] li", dialog).length;
  const to: Record<string, number> = {
    ArrowRight: sheet(dialog) + 1,
    PageDown: sheet(dialog) + 1,
    ArrowLeft: sheet(dialog) - 1,
    PageUp: sheet(dialog) - 1,
    Home: 1,
    End: last,
    ...(onButton ? {} : { " ": sheet(dialog) + 1, Enter: sheet(dialog) + 1 }),
  };
  const next = to[event.key];
  if (event.key === "n") showNumbers(dialog, "plain" in dialog.dataset);
  else if (next !== undefined) go(board, dialog, next);
  else return;
  event.preventDefault();
}

function go(board: HTMLElement, dialog: HTMLDialogElement, wanted: number): void {
  const marks = all<HTMLElement>("[data-present-line] button", dialog);
  const at = Math.max(1, Math.min(wanted, marks.length));
  dialog.dataset["sheet"] = String(at);
  for (const [n, one] of marks.entries()) {
    if (n < at) one.dataset["past"] = "";
    else delete one.dataset["past"];
    if (n === at - 1) one.setAttribute("aria-current", "step");
    else one.removeAttribute("aria-current");
  }
  const place = need<HTMLElement>("[data-present-at]", dialog);
  place.textContent = fill(place.dataset["of"] ?? "", { n: at, m: marks.length });
  const [back, on] = all<HTMLButtonElement>("[data-present-step]", dialog);
  if (back) back.disabled = at === 1;
  if (on) on.disabled = at === marks.length;
  const box = need<HTMLElement>("[data-present-sheet]", dialog);
  box.replaceChildren(draw(board, at));
  box.scrollTop = 0;
  box.focus();
}

/** One stage as a sheet: copies of what stands in its column, without anything to edit. */
function draw(board: HTMLElement, at: number): HTMLElement {
  const head = all<HTMLElement>(".stage-head", board)[at - 1];
  const box = document.createElement("section");
  box.className = "present-stage";
  if (head) box.style.setProperty("--hue", getComputedStyle(head).getPropertyValue("--hue"));
  const title = document.createElement("h2");
  title.className = "present-title";
  title.id = "present-title";
  title.textContent = head?.dataset["name"] ?? "";
  box.append(title);
  const figures = head && drawFigures(head);
  if (figures) box.append(figures);
  const rows = document.createElement("div");
  rows.className = "present-rows";
  for (const row of all<HTMLTableRowElement>(".map tbody tr", board)) {
    const drawn = drawRow(row, at);
    if (drawn) rows.append(drawn);
  }
  box.append(rows);
  return box;
}

/** The numbers of a stage in its own words. */
function drawFigures(head: HTMLElement): HTMLElement | undefined {
  const parts = all<HTMLElement>(".stage-customers, .stage-share, .stage-time, .stage-others", head);
  if (!parts.length) return undefined;
  const line = document.createElement("p");
  line.className = "present-figures";
  for (const part of parts) {
    const words = document.createElement("span");
    const own = [...part.childNodes].filter((node) => node instanceof Text).map((node) => node.textContent?.trim());
    const said = part.querySelector(".hide-visually")?.textContent?.trim() ?? "";
    const strong = document.createElement("strong");
    strong.textContent = own.filter(Boolean).join(" ");
    words.append(...(part.matches(".stage-time") ? [`${said} `, strong] : [strong, ` ${said.replace(/^, /, "")}`]));
    line.append(words);
  }
  return line;
}

function drawRow(row: HTMLTableRowElement, at: number): HTMLElement | undefined {
  const cell = row.cells[at];
  const list = cell?.querySelector<HTMLElement>("[data-cards], .touchpoint-list");
  if (!cell || !list?.querySelector("[data-card], .touchpoint")) return undefined;
  const box = document.createElement("section");
  box.className = "present-row";
  const title = document.createElement("h3");
  title.textContent = row.querySelector(".lane-name")?.textContent ?? "";
  const copy = list.cloneNode(true) as HTMLElement;
  if (list.matches("[data-cards]")) copy.className = "present-cards";
  for (const tool of all("[data-card-more], [data-card-pick], [data-note], .tip, [role=tooltip], .cell-hint", copy)) tool.remove();
  for (const card of all<HTMLElement>("[id], [data-card], [data-cards]", copy)) {
    card.removeAttribute("id");
    for (const name of ["card", "selected", "hit", "held", "pending", "leased"]) delete card.dataset[name];
  }
  for (const link of all<HTMLElement>("a", copy)) {
    const words = document.createElement("span");
    words.className = link.className;
    words.append(...link.childNodes);
    link.replaceWith(words);
  }
  for (const picture of all<HTMLImageElement>("img", copy)) picture.loading = "eager";
  copy.removeAttribute("data-cards");
  box.append(title, copy);
  return box;
}
