// Menus (popover + popovertarget) and tooltips (data-tip) are placed beside what they belong to.

const GAP = 6;
const EDGE = 8;

/** Puts `box` under `anchor` (or at its side), flipped and shifted so that it stays in the window. */
export function place(box: HTMLElement, anchor: Element, side: "below" | "end" = "below"): void {
  const at = anchor.getBoundingClientRect();
  const size = box.getBoundingClientRect();
  let left = side === "end" && at.right + GAP + size.width < innerWidth ? at.right + GAP : at.left;
  let top = side === "end" && left > at.left ? at.bottom - size.height : at.bottom + GAP;
  if (top + size.height > innerHeight - EDGE) top = at.top - GAP - size.height;
  left = Math.max(EDGE, Math.min(left, innerWidth - EDGE - size.width));
  top = Math.max(EDGE, Math.min(top, innerHeight - EDGE - size.height));
  box.style.left = `${left}px`;
  box.style.top = `${top}px`;
}

function anchorOf(menu: Element): Element | null {
  return document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
}

function onMenuToggle(event: Event): void {
  const menu = event.target;
  if (!(menu instanceof HTMLElement) || !menu.classList.contains("menu")) return;
  if ((event as ToggleEvent).newState !== "open") return;
  const anchor = anchorOf(menu);
  if (!anchor) return;
  place(menu, anchor, (anchor as HTMLElement).dataset["menuSide"] === "end" ? "end" : "below");
  // Told a moment after the opening: whoever went to a field of the menu meanwhile stays there.
  if (!menu.contains(document.activeElement)) menu.querySelector<HTMLElement>(".menu-item")?.focus();
}

/**
 * One menu for the many buttons in `within`: it opens beside the one that is pressed, after `prepare`; a second press
 * closes it. Answers which button it was opened by last.
 */
export function sharedMenu(
  menu: HTMLElement,
  within: HTMLElement,
  buttons: string,
  signal: AbortSignal,
  prepare: (button: HTMLElement) => void = () => undefined,
): () => HTMLElement | undefined {
  let button: HTMLElement | undefined;
  within.addEventListener(
    "click",
    (event) => {
      const pressed = event.target instanceof Element ? event.target.closest<HTMLElement>(buttons) : null;
      if (!pressed) return;
      const again = menu.matches(":popover-open") && pressed === button;
      button = pressed;
      if (again) return;
      prepare(pressed);
      menu.showPopover();
      place(menu, pressed);
      pressed.setAttribute("aria-expanded", "true");
      itemsOf(menu)[0]?.focus();
    },
    { signal },
  );
  menu.addEventListener(
    "toggle",
    (event) => {
      if ((event as ToggleEvent).newState === "closed") button?.removeAttribute("aria-expanded");
    },
    { signal },
  );
  return () => button;
}

function itemsOf(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>(".menu-item")].filter((item) => item.offsetParent);
}

/** Arrow keys walk a menu; the browser itself closes it on Escape and gives the focus back. */
function onMenuKey(event: KeyboardEvent): void {
  const menu = event.target instanceof Element ? event.target.closest<HTMLElement>(".menu") : null;
  if (!menu || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  const items = itemsOf(menu);
  const now = items.indexOf(document.activeElement as HTMLElement);
  const step = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: items.length - 1 }[event.key] ?? 0;
  items.at(step % items.length)?.focus();
  event.preventDefault();
  event.stopPropagation();
}

let shown: { tip: HTMLElement; anchor: HTMLElement } | undefined;
let waiting = 0;

function show(anchor: HTMLElement): void {
  const tip = document.getElementById(anchor.dataset["tip"] ?? "");
  if (!tip || shown?.tip === tip) return;
  hide();
  tip.showPopover();
  place(tip, anchor);
  shown = { tip, anchor };
}

function hide(): void {
  window.clearTimeout(waiting);
  if (shown?.tip.matches(":popover-open")) shown.tip.hidePopover();
  shown = undefined;
}

function anchorAt(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("[data-tip]") : null;
}

function onPointerOver(event: PointerEvent): void {
  if (event.pointerType === "touch") return;
  const anchor = anchorAt(event.target);
  window.clearTimeout(waiting);
  if (anchor) waiting = window.setTimeout(() => show(anchor), 250);
  else if (shown && !shown.tip.contains(event.target as Node)) waiting = window.setTimeout(hide, 200);
}

export function startAnchors(): void {
  document.addEventListener("toggle", onMenuToggle, true);
  document.addEventListener("keydown", onMenuKey, true);
  document.addEventListener("pointerover", onPointerOver);
  document.addEventListener("focusin", (event) => {
    const anchor = anchorAt(event.target);
    if (anchor?.matches(":focus-visible")) show(anchor);
    else if (shown && !shown.anchor.contains(event.target as Node)) hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && shown) hide();
  });
  document.addEventListener("scroll", hide, { capture: true, passive: true });
}
