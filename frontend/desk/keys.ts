// Keys of the desk, wherever the focus is outside of a field.
import { isTyping, need } from "../shared/dom";
import type { Desk } from "./desk";

/** Does a deed to all that are selected: at once with its fields, else after asking for them. */
type Many = (deed: string, fields?: [string, string][]) => void;

export function startKeys(desk: Desk, many: Many): void {
  document.addEventListener(
    "keydown",
    (event) => {
      if (document.querySelector("dialog[open]") || event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.defaultPrevented) return;
      const done = isTyping(event.target) ? event.key === "Escape" && leaveField(event.target) : handled(desk, many, event);
      if (!done) return;
      event.preventDefault();
      event.stopPropagation();
    },
    { capture: true },
  );
}

/** Escape in a field gives the keys back to the desk; lists under the field close first. */
function leaveField(field: EventTarget | null): boolean {
  if (!(field instanceof HTMLElement) || document.querySelector(".mention-list, .quick-list, :popover-open:not(#toasts, .tip)")) return false;
  field.blur();
  need<HTMLElement>("#desk-talk").focus({ preventScroll: true });
  return true;
}

function handled(desk: Desk, many: Many, event: KeyboardEvent): boolean {
  const { list } = desk;
  if (document.querySelector(":popover-open:not(#toasts, .tip)")) return false;
  const picked = list.selection.length > 0;
  switch (event.key) {
    case "j":
      return list.walk(1) !== undefined;
    case "k":
      return list.walk(-1) !== undefined;
    case "]":
    case "[": {
      const link = list.walk(event.key === "]" ? 1 : -1);
      if (link) void desk.open(link.href);
      return link !== undefined;
    }
    case "x":
      list.pickHere();
      return true;
    case "r":
    case "n":
      desk.composer?.write(event.key === "n");
      return desk.composer !== undefined;
    case "e":
      return picked ? (many("close"), true) : press(desk, '[data-deed="close"] [type=submit], [data-deed="reopen"] [aria-keyshortcuts]');
    case "a":
      return picked ? (many("assign"), true) : press(desk, '[popovertarget="talk-assign"]');
    case "z":
      return picked ? (many("snooze"), true) : press(desk, '[popovertarget="talk-snooze"]');
    case "t":
      return picked ? (many("tags"), true) : field(desk, "[data-tags-field]");
    case "m":
      return press(desk, '[popovertarget="compose-macros"]');
    case "p":
      return press(desk, "[data-approved-open]");
    case "q":
      return picked ? (many("queue"), true) : field(desk, "[data-queue-field]");
    case "1":
    case "2":
    case "3":
      return desk.quick?.takeSuggested(Number(event.key) - 1) ?? false;
    case "g":
      return press(document, "[data-next] [type=submit]");
    case "o":
      return press(document, '[popovertarget="me-menu"]');
    case "i":
      return picked ? (many("assign", [["assignee", "me"]]), true) : did(desk, "assign", [["assignee", "me"]]);
    case "!":
      return picked ? (many("priority", [["priority", "1"]]), true) : did(desk, "priority", [["priority", "1"]]);
    case "/":
      need<HTMLElement>("#desk-words-field").focus();
      return true;
    case "v":
      return press(desk, '[popovertarget="desk-views"]');
    case "?":
      need<HTMLDialogElement>("#desk-keys").showModal();
      return true;
    case "Escape":
      return list.pickNothing() || back(desk);
    default:
      return false;
  }
}

function press(desk: Desk | Document, selector: string): boolean {
  const button = (desk instanceof Document ? desk : desk.element).querySelector<HTMLElement>(selector);
  button?.click();
  return button !== null;
}

/** A field of the menu of more things to do. */
function field(desk: Desk, selector: string): boolean {
  const found = desk.element.querySelector<HTMLElement>(selector);
  if (!found || !press(desk, '[popovertarget="talk-more"]')) return false;
  found.focus();
  return true;
}

function did(desk: Desk, deed: string, fields: [string, string][]): boolean {
  if (!desk.article || desk.element.dataset["mayReply"] === undefined) return false;
  desk.act(deed, fields);
  return true;
}

/** From the conversation to its row. */
function back(desk: Desk): boolean {
  const link = desk.list.links[desk.list.place];
  link?.focus();
  return link !== undefined;
}
