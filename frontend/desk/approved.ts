// A template that the platform approved: chosen, filled and seen before it is sent.
import { fromHtml, need } from "../shared/dom";
import { send } from "../shared/net";
import { toast } from "../shared/toasts";
import type { Desk } from "./desk";
import { say } from "./words";

export function startApproved(desk: Desk): void {
  const dialog = need<HTMLDialogElement>("#desk-approved");
  const body = need<HTMLElement>("[data-approved-body]", dialog);
  desk.element.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("[data-approved-open]") : null;
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    void open(link.href);
  });
  dialog.addEventListener("input", (event) => {
    const form = event.target instanceof Element ? event.target.closest<HTMLFormElement>("[data-approved]") : null;
    if (form) need("[data-approved-words]", form).textContent = words(form);
  });
  dialog.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-approved]")) return;
    event.preventDefault();
    const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken") as [string, string][];
    desk.post(desk.openId, new URL(form.action).pathname, [["text", words(form)], ...fields]);
    dialog.close();
  });

  async function open(href: string): Promise<void> {
    const answer = await send(href).catch(() => undefined);
    if (answer?.status !== 200) {
      const why = answer ? (fromHtml(answer.text).textContent ?? "").replace(/\s+/g, " ").trim() : say("unreachable");
      return void toast(why, { bad: true });
    }
    body.replaceChildren(fromHtml(answer.text));
    dialog.showModal();
    body.querySelector<HTMLElement>("[data-place]")?.focus();
  }
}

/** The template's words with what is filled in so far. */
function words(form: HTMLFormElement): string {
  const fields = [...form.querySelectorAll<HTMLInputElement>("[data-place]")];
  const template = need<HTMLElement>("[data-approved-words]", form).dataset["approvedWords"] ?? "";
  return fields.reduce((text, field) => (field.value ? text.replaceAll(`{{${field.dataset["place"]}}}`, field.value) : text), template);
}
