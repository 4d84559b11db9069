import { icon, need } from "./dom";

const READING_TIME = 8000;

interface Toast {
  bad?: boolean;
  undo?: () => void;
}

/** Says in a sentence what happened, with the way back when there is one. */
export function toast(sentence: string, { bad = false, undo }: Toast = {}): HTMLElement {
  const tray = need<HTMLElement>("#toasts");
  const box = document.createElement("div");
  box.className = bad ? "toast bad" : "toast";
  box.dataset["toast"] = "";
  const words = document.createElement("span");
  words.className = "grow";
  words.textContent = sentence;
  box.append(words);
  if (undo) box.append(button(tray.dataset["undo"] ?? "", () => (box.remove(), undo())));
  const close = button("", () => box.remove());
  close.classList.add("icon-only");
  close.append(icon("close"), hiddenWords(tray.dataset["close"] ?? ""));
  box.append(close);
  tray.append(box);
  lift(tray);
  if (!bad) leaveWhenRead(box);
  return box;
}

/** Open dialogs are in the browser's top layer; the tray has to be above them. */
function lift(tray: HTMLElement): void {
  if (!tray.hasAttribute("popover")) tray.setAttribute("popover", "manual");
  if (tray.matches(":popover-open")) tray.hidePopover();
  tray.showPopover();
}

/** A toast stays as long as it is pointed at or holds the focus. */
export function leaveWhenRead(box: HTMLElement): void {
  const leave = (): void => {
    if (box.matches(":hover, :focus-within")) window.setTimeout(leave, READING_TIME / 2);
    else box.remove();
  };
  window.setTimeout(leave, READING_TIME);
}

function button(words: string, act: () => void): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button small";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

function hiddenWords(words: string): HTMLElement {
  const span = document.createElement("span");
  span.className = "hide-visually";
  span.textContent = words;
  return span;
}
