// The drawer in which one card is read and edited, with its other parts as tabs.
import { fromHtml, need } from "../shared/dom";
import { Unreachable, send } from "../shared/net";
import { toast } from "../shared/toasts";
import type { Board } from "./board";
import { openerOf } from "./cards";
import { watchPicture } from "./picture";
import { startRich } from "./rich";
import { FIRST, startTabs } from "./tabs";
import { say } from "./words";

const LEASE_EVERY = 20_000;
const ADDRESS = /^#card-([0-9a-f-]{36})\/([\w-]+)$/;

const drawer = (): HTMLDialogElement => need<HTMLDialogElement>("#card-drawer");

/** Opens the card that the address names (`#card-<id>/<part>`), now and when it changes. */
export function startDrawer(board: Board, signal: AbortSignal): void {
  const go = (): void => {
    const [, id, key] = ADDRESS.exec(location.hash) ?? [];
    if (!id || drawer().querySelector(`[data-card-drawer="${id}"]`)) return;
    const card = board.card(id);
    if (card) void openDrawer(board, card, key);
  };
  window.addEventListener("hashchange", go, { signal });
  go();
}

export async function openDrawer(board: Board, card: HTMLElement, key = FIRST): Promise<void> {
  const id = card.dataset["card"] ?? "";
  try {
    const answer = await send(board.url(id, board.mayEdit ? "edit" : "read"));
    if (answer.status === 404) {
      toast(say("gone"), { bad: true });
      card.remove();
    } else if (answer.status === 401) toast(say("signedOut"), { bad: true });
    else if (answer.status === 200) {
      show(board, id, answer.text, key);
      if (board.mayEdit) holdLease(board, id);
    }
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    toast(say("unreachable"), { bad: true });
  }
}

/** The form again with what is wrong in it; the words typed are still there. */
export function reopenDrawer(board: Board, html: string): void {
  const id = fromHtml(html).dataset["cardDrawer"] ?? "";
  show(board, id, html, FIRST);
  drawer().querySelector<HTMLElement>("[aria-invalid]")?.focus();
}

function show(board: Board, id: string, html: string, key: string): void {
  const dialog = drawer();
  const box = fromHtml(html);
  dialog.replaceChildren(box);
  const form = box.querySelector<HTMLFormElement>("[data-card-form]");
  if (form) startForm(board, dialog, form);
  if (!dialog.open) {
    dialog.showModal();
    dialog.addEventListener("close", () => closed(board, dialog, id), { once: true });
  }
  startTabs(box, key);
  window.htmx?.process(box);
  if (form && !form.hidden) {
    const title = form.querySelector<HTMLTextAreaElement>("[name=title]");
    title?.focus();
    title?.setSelectionRange(title.value.length, title.value.length);
  } else box.querySelector<HTMLElement>("[role=tab][aria-selected=true]")?.focus();
}

function startForm(board: Board, dialog: HTMLDialogElement, form: HTMLFormElement): void {
  const id = form.dataset["cardForm"] ?? "";
  const picture = watchPicture(form);
  startRich(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const data = new FormData(form);
    const file = picture();
    if (file) data.set("picture", file);
    dialog.close();
    board.edit(id, Number(form.dataset["revision"]), data);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.querySelector("[data-card-delete]")?.addEventListener("click", () => {
    dialog.close();
    const card = board.card(id);
    if (card) board.delete(card);
  });
}

/** The address forgets the card, and the focus goes back to it. */
function closed(board: Board, dialog: HTMLDialogElement, id: string): void {
  if (ADDRESS.test(location.hash)) history.replaceState(history.state, "", location.pathname + location.search);
  dialog.replaceChildren();
  const card = board.card(id);
  if (card) openerOf(card)?.focus();
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
  drawer().addEventListener("close", release, { once: true });
}
