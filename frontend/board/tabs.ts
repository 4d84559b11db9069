// The parts of an open card: its form stands there already, the others are fetched when their tab is opened.
import { startRules } from "../frame/sheet";
import { all, need } from "../shared/dom";
import { Unreachable, csrfToken, send } from "../shared/net";
import { say } from "./words";

export const FIRST = "edit";

/** Turns the links of the open card into tabs and shows the part `key`, or the first one. */
export function startTabs(box: HTMLElement, key = FIRST): void {
  const list = box.querySelector<HTMLElement>("[data-card-tabs]");
  const first = need<HTMLElement>("[data-panel]", box);
  if (!list) return;
  list.setAttribute("role", "tablist");
  for (const tab of tabsOf(list)) {
    tab.setAttribute("role", "tab");
    tab.id = `card-tab-${tab.dataset["tab"]}`;
    tab.removeAttribute("aria-current");
  }
  panelFor(box, first);
  list.addEventListener("click", (event) => {
    const tab = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("[data-tab]") : null;
    if (!tab || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(box, list, tab);
  });
  list.addEventListener("keydown", (event) => onKey(box, list, event));
  const wanted = tabsOf(list).find((tab) => tab.dataset["tab"] === key) ?? tabsOf(list)[0];
  if (wanted) choose(box, list, wanted, false);
}

const tabsOf = (list: HTMLElement): HTMLAnchorElement[] => all<HTMLAnchorElement>("[data-tab]", list);

function onKey(box: HTMLElement, list: HTMLElement, event: KeyboardEvent): void {
  const tabs = tabsOf(list);
  const at = tabs.findIndex((tab) => tab === document.activeElement);
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (at < 0 || to === undefined) {
    if (event.key === " " && at >= 0) {
      event.preventDefault();
      tabs[at]?.click();
    }
    return;
  }
  event.preventDefault();
  const tab = tabs[(to + tabs.length) % tabs.length];
  if (tab) choose(box, list, tab);
}

function choose(box: HTMLElement, list: HTMLElement, tab: HTMLAnchorElement, focus = true): void {
  const key = tab.dataset["tab"] ?? FIRST;
  for (const other of tabsOf(list)) {
    other.setAttribute("aria-selected", String(other === tab));
    other.tabIndex = other === tab ? 0 : -1;
  }
  tab.scrollIntoView({ block: "nearest", inline: "nearest" });
  const id = box.dataset["cardDrawer"] ?? "";
  history.replaceState(history.state, "", `#card-${id}/${key}`);
  let panel = box.querySelector<HTMLElement>(`[data-panel="${CSS.escape(key)}"]`);
  if (!panel) {
    panel = document.createElement("div");
    panel.className = "card-panel";
    panel.dataset["panel"] = key;
    panelFor(box, panel);
    box.append(panel);
    watch(panel);
  }
  for (const other of all<HTMLElement>("[data-panel]", box)) other.hidden = other !== panel;
  if (focus) tab.focus();
  if (key !== FIRST) void load(panel, tab.href);
}

function panelFor(box: HTMLElement, panel: HTMLElement): void {
  const key = panel.dataset["panel"] ?? FIRST;
  if (!box.querySelector("[data-card-tabs]")) return;
  if (panel instanceof HTMLFormElement) {
    panel.setAttribute("aria-labelledby", `card-tab-${key}`);
    return; // a form says what it is already
  }
  panel.setAttribute("role", "tabpanel");
  panel.setAttribute("aria-labelledby", `card-tab-${key}`);
  panel.tabIndex = -1;
}

/** Fetches a part again, for instance because somebody else changed something in it; not under somebody's hands. */
export function refreshTab(cardId: string): void {
  const box = document.querySelector<HTMLElement>(`[data-card-drawer="${CSS.escape(cardId)}"]`);
  const panel = box && all<HTMLElement>("[data-panel]", box).find((one) => !one.hidden && one.dataset["panel"] !== FIRST);
  const tab = panel && box.querySelector<HTMLAnchorElement>(`[data-tab="${CSS.escape(panel.dataset["panel"] ?? "")}"]`);
  if (!panel || !tab || isBusy(panel)) return;
  void load(panel, tab.href);
}

function isBusy(panel: HTMLElement): boolean {
  const fields = all<HTMLInputElement | HTMLTextAreaElement>("textarea, input:not([type=hidden])", panel);
  const typed = fields.some((field) => field.value !== field.defaultValue);
  return typed || fields.includes(document.activeElement as HTMLInputElement);
}

async function load(panel: HTMLElement, address: string): Promise<void> {
  panel.setAttribute("aria-busy", "true");
  try {
    const answer = await send(address);
    if (answer.status === 401) sorry(panel, say("signedOut"));
    else if (answer.status >= 500) sorry(panel, say("unreachable"));
    else fill(panel, answer.text);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    sorry(panel, say("unreachable"));
  } finally {
    panel.removeAttribute("aria-busy");
  }
}

function fill(panel: HTMLElement, html: string): void {
  const focused = panel.contains(document.activeElement) ? document.activeElement?.id : undefined;
  panel.innerHTML = html;
  window.htmx?.process(panel);
  startRules(panel);
  const next = panel.querySelector<HTMLElement>("[aria-invalid], [autofocus]");
  if (next) next.focus();
  else if (focused !== undefined) (document.getElementById(focused) ?? panel).focus();
}

function sorry(panel: HTMLElement, sentence: string): void {
  const line = document.createElement("p");
  line.className = "notice bad";
  line.setAttribute("role", "alert");
  line.textContent = sentence;
  panel.prepend(line);
}

/** Forms and links of a part stay within it: their answer takes its place. Those with htmx go their own way. */
function watch(panel: HTMLElement): void {
  panel.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.matches("[hx-post], [hx-get], [method=dialog], [data-leaves]")) return;
    event.preventDefault();
    void submit(panel, form, event.submitter);
  });
  panel.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[data-stays]") : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void load(panel, link.href);
  });
}

async function submit(panel: HTMLElement, form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const data = new FormData(form, submitter);
  const action = submitter?.getAttribute("formaction") ?? form.action;
  panel.setAttribute("aria-busy", "true");
  try {
    const get = form.method === "get";
    const address = new URL(action, location.href);
    if (get) for (const [name, value] of data) if (typeof value === "string") address.searchParams.set(name, value);
    const response = await fetch(address, {
      method: get ? "GET" : "POST",
      body: get ? null : data,
      headers: { "HX-Request": "true", "X-Requested-With": "parcours", "X-CSRFToken": csrfToken() },
      credentials: "same-origin",
    });
    if (response.status >= 500) sorry(panel, say("unreachable"));
    else fill(panel, await response.text());
  } catch {
    sorry(panel, say("unreachable"));
  } finally {
    panel.removeAttribute("aria-busy");
  }
}
