// The drawer in which one card is edited, and the dialog that settles two versions of it.
import { all, fromHtml, need } from "../shared/dom";
import { Unreachable, send } from "../shared/net";
import { toast } from "../shared/toasts";
import type { Board } from "./board";
import { openerOf } from "./cards";
import { watchPicture } from "./picture";
import { say } from "./words";

const LEASE_EVERY = 20_000;

const drawer = (): HTMLDialogElement => need<HTMLDialogElement>("#card-drawer");
const mergeDialog = (): HTMLDialogElement => need<HTMLDialogElement>("#card-merge");

export async function openDrawer(board: Board, card: HTMLElement): Promise<void> {
  const id = card.dataset["card"] ?? "";
  try {
    const answer = await send(board.url(id, "edit"));
    if (answer.status === 404) {
      toast(say("gone"), { bad: true });
      card.remove();
    } else if (answer.status === 401) toast(say("signedOut"), { bad: true });
    else if (answer.status === 200) {
      showForm(board, answer.text);
      holdLease(board, id);
    }
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    toast(say("unreachable"), { bad: true });
  }
}

/** The form again with what is wrong in it; the words typed are still there. */
export function reopenDrawer(board: Board, html: string): void {
  showForm(board, html);
  drawer().querySelector<HTMLElement>("[aria-invalid]")?.focus();
}

function showForm(board: Board, html: string): void {
  const dialog = drawer();
  const form = fromHtml<HTMLFormElement>(html);
  dialog.replaceChildren(form);
  const picture = watchPicture(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const data = new FormData(form);
    const file = picture();
    if (file) data.set("picture", file);
    dialog.close();
    board.edit(form.dataset["cardForm"] ?? "", Number(form.dataset["revision"]), data);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.querySelector("[data-card-delete]")?.addEventListener("click", () => {
    dialog.close();
    const card = board.card(form.dataset["cardForm"] ?? "");
    if (card) board.delete(card);
  });
  if (!dialog.open) dialog.showModal();
  const title = form.querySelector<HTMLTextAreaElement>("[name=title]");
  title?.focus();
  title?.setSelectionRange(title.value.length, title.value.length);
}

/** Others see who is editing, for as long as the drawer is open. */
function holdLease(board: Board, id: string): void {
  const url = board.url(id, "lease");
  const take = (): void => void send(url, { method: "POST", form: new URLSearchParams() }).catch(() => undefined);
  const release = (): void => {
    window.clearInterval(timer);
    window.removeEventListener("pagehide", release);
    void send(url, { method: "POST", form: new URLSearchParams({ release: "1" }) }).catch(() => undefined);
  };
  const timer = window.setInterval(take, LEASE_EVERY);
  take();
  window.addEventListener("pagehide", release);
  drawer().addEventListener(
    "close",
    () => {
      release();
      const card = board.card(id);
      if (card) openerOf(card)?.focus();
    },
    { once: true },
  );
}

export function openMerge(board: Board, html: string): void {
  const dialog = mergeDialog();
  const form = fromHtml<HTMLFormElement>(html);
  dialog.replaceChildren(form);
  const id = form.dataset["cardForm"] ?? "";
  for (const part of all<HTMLElement>("[data-merge-part]", form)) watchPart(part);
  let saved = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    saved = true;
    const data = new FormData(form);
    for (const name of [...data.keys()].filter((key) => key.startsWith("choose-"))) data.delete(name);
    dialog.close();
    board.edit(id, Number(form.dataset["revision"]), data);
  });
  dialog.addEventListener("close", () => !saved && void board.refetch(id), { once: true });
  if (!dialog.open) dialog.showModal();
}

/** Choosing a side fills in its words; writing a third version is always possible. */
function watchPart(part: HTMLElement): void {
  const result = need<HTMLTextAreaElement>("[data-merge-result]", part);
  part.addEventListener("change", (event) => {
    if (!(event.target instanceof Element) || !event.target.matches("[data-merge-choose]")) return;
    result.value = event.target.closest(".merge-side")?.querySelector("[data-merge-words]")?.textContent ?? "";
  });
}
