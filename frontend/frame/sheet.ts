// Links marked data-drawer open their form at the side; without scripts they open as a page of their own.
import { all, fromHtml, need } from "../shared/dom";
import { send } from "../shared/net";

declare global {
  interface Window {
    htmx?: { process: (element: Element) => void };
  }
}

/** The rules of forms in what was fetched: `root` is one, or holds some. */
export function startRules(root: HTMLElement): void {
  const forms = all<HTMLElement>("form:has([data-conditions])", root);
  if (root.matches("form:has([data-conditions])")) forms.push(root);
  for (const form of forms) startConditions(form);
}

export function startSheets(): void {
  startRules(document.body);
  document.addEventListener("htmx:load", (event) => {
    if (event.target instanceof HTMLElement && event.target !== document.body) startRules(event.target);
  });
  const dialog = document.querySelector<HTMLDialogElement>("#drawer");
  if (!dialog) return;
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[data-drawer]") : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void send(link.href).then((answer) => {
      if (answer.status === 200) show(dialog, answer.text);
      else location.assign(link.href);
    });
  });
  dialog.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-drawer-form]")) return;
    event.preventDefault();
    void submit(dialog, form, event.submitter);
  });
}

function show(dialog: HTMLDialogElement, html: string): void {
  const form = fromHtml(html);
  dialog.replaceChildren(form);
  startConditions(form);
  if (!dialog.open) dialog.showModal();
  window.htmx?.process(form);
  (form.querySelector<HTMLElement>("[aria-invalid], [autofocus]") ?? form.querySelector<HTMLElement>("input"))?.focus();
}

async function submit(dialog: HTMLDialogElement, form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const body = new FormData(form, submitter as HTMLButtonElement | null);
  const response = await fetch(submitter?.getAttribute("formaction") ?? form.action, {
    method: "POST",
    body,
    headers: { "HX-Request": "true" },
    credentials: "same-origin",
  });
  if (response.status === 422) show(dialog, await response.text());
  else location.assign(response.redirected ? response.url : location.href);
}

/** The conditions of a rule: rows to add and remove, each with values that suit its field. */
function startConditions(form: HTMLElement): void {
  for (const list of all<HTMLElement>("[data-conditions]", form)) startConditionList(form, list);
}

/** One list of rows with the template that stands beside it; `data-conditions="any"` may be empty. */
function startConditionList(form: HTMLElement, list: HTMLElement): void {
  const host = list.closest<HTMLElement>("fieldset") ?? form;
  const changed = (): boolean => form.dispatchEvent(new Event("change", { bubbles: true }));
  const only = (): void => {
    const buttons = all<HTMLButtonElement>("[data-condition-remove]", list);
    for (const button of buttons) button.hidden = buttons.length === 1 && list.dataset["conditions"] !== "any";
  };
  only();
  host.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.target.closest("[data-condition-add]")) {
      const row = fromHtml(need<HTMLTemplateElement>("template", host).innerHTML);
      list.append(row);
      need<HTMLInputElement>("[data-condition-field]", row).select();
    } else if (event.target.closest("[data-condition-remove]")) {
      event.target.closest(".condition")?.remove();
      host.querySelector<HTMLElement>("[data-condition-add]")?.focus();
    } else return;
    only();
    changed();
  });
  if (list.dataset["conditions"] === "any") return;
  host.addEventListener("input", (event) => {
    if (!(event.target instanceof HTMLInputElement) || !event.target.matches("[data-condition-field]")) return;
    const value = need<HTMLInputElement>("[data-condition-value]", event.target.closest(".condition") ?? form);
    value.setAttribute("list", `known-${event.target.value}`);
  });
}
