// Two versions of a card side by side, when somebody else was faster.
import { all, fromHtml, need } from "../shared/dom";
import type { Board } from "./board";

export function openMerge(board: Board, html: string): void {
  const dialog = need<HTMLDialogElement>("#card-merge");
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
