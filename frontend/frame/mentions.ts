// “@” and the beginning of a name: colleagues in a list under the field. Arrow keys choose, Enter or Tab takes, Escape closes.
import { fill } from "../shared/dom";
import { plain } from "../shared/text";

interface Colleague {
  label: string;
  email: string;
  writes: string;
}

interface Open {
  field: HTMLTextAreaElement;
  list: HTMLElement;
  says: HTMLElement;
  found: Colleague[];
  chosen: number;
  from: number;
}

const CALL = /(?:^|[^\p{L}\p{N}_])@([\p{L}\p{N}_.-]*(?: [\p{L}\p{N}_.-]*){0,2})$/u;
const MOST = 8;
const known = new Map<string, Promise<Colleague[]>>();
let open: Open | undefined;

export function startMentions(): void {
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field instanceof HTMLTextAreaElement && field.dataset["mentions"]) void look(field);
  });
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("focusout", (event) => event.target === open?.field && close());
}

function colleagues(address: string): Promise<Colleague[]> {
  let asked = known.get(address);
  if (!asked) {
    asked = fetch(address, { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? (answer.json() as Promise<{ people: Colleague[] }>) : { people: [] }))
      .then((answer) => answer.people)
      .catch(() => []);
    known.set(address, asked);
  }
  return asked;
}

async function look(field: HTMLTextAreaElement): Promise<void> {
  const people = CALL.test(before(field)) ? await colleagues(field.dataset["mentions"] ?? "") : [];
  const call = CALL.exec(before(field));
  if (!call || document.activeElement !== field) return close();
  const wanted = plain(call[1] ?? "");
  const found = people
    .filter((one) => [one.label, ...one.label.split(" "), one.email].some((word) => plain(word).startsWith(wanted)))
    .slice(0, MOST);
  const whole = found.length === 1 && plain(found[0]?.writes ?? "") === wanted;
  if (!found.length || whole) return close();
  show(field, found, field.selectionStart - (call[1] ?? "").length);
}

const before = (field: HTMLTextAreaElement): string => field.value.slice(0, field.selectionStart);

function show(field: HTMLTextAreaElement, found: Colleague[], from: number): void {
  if (open?.field !== field) close();
  if (!open) {
    const list = document.createElement("ul");
    list.className = "mention-list";
    list.id = `${field.id}-colleagues`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.dataset["mentionsLabel"] ?? "");
    const says = document.createElement("p");
    says.className = "hide-visually";
    says.setAttribute("role", "status");
    field.after(list, says);
    list.style.top = `${field.offsetTop + field.offsetHeight + 2}px`;
    // Taking a name by pointer must not take the focus out of the field first.
    list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[role=option]") : null;
      if (row) take(Number(row.dataset["at"]));
    });
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", list.id);
    open = { field, list, says, found, chosen: 0, from };
  }
  Object.assign(open, { found, chosen: 0, from });
  open.list.replaceChildren(...found.map(row));
  open.says.textContent = fill(field.dataset["mentionsFound"] ?? "", { n: found.length });
  mark();
}

function row(one: Colleague, at: number): HTMLElement {
  const item = document.createElement("li");
  item.className = "menu-item";
  item.id = `${open?.list.id}-${at}`;
  item.dataset["at"] = String(at);
  item.setAttribute("role", "option");
  const name = document.createElement("span");
  name.className = "grow";
  name.textContent = one.label;
  const email = document.createElement("span");
  email.className = "soft small";
  email.textContent = one.email;
  item.append(name, email);
  return item;
}

function mark(): void {
  if (!open) return;
  for (const item of open.list.children) {
    const here = Number((item as HTMLElement).dataset["at"]) === open.chosen;
    item.setAttribute("aria-selected", String(here));
    if (here) item.scrollIntoView({ block: "nearest" });
  }
  open.field.setAttribute("aria-activedescendant", `${open.list.id}-${open.chosen}`);
}

function onKey(event: KeyboardEvent): void {
  if (!open || event.target !== open.field || event.isComposing) return;
  const count = open.found.length;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    open.chosen = (open.chosen + (event.key === "ArrowDown" ? 1 : -1) + count) % count;
    mark();
  } else if (event.key === "Enter" || event.key === "Tab") take(open.chosen);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function take(at: number): void {
  const one = open?.found[at];
  if (!open || !one) return;
  const { field, from } = open;
  field.setRangeText(`${one.writes} `, from, field.selectionStart, "end");
  close();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function close(): void {
  if (!open) return;
  open.list.remove();
  open.says.remove();
  for (const name of ["aria-autocomplete", "aria-controls", "aria-activedescendant"]) open.field.removeAttribute(name);
  open = undefined;
}
