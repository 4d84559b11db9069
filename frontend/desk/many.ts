// What is done to all selected conversations at once.
import { all, need } from "../shared/dom";
import { send } from "../shared/net";
import { toast } from "../shared/toasts";
import type { Desk } from "./desk";
import { say } from "./words";

export function startMany(desk: Desk): (deed: string, fields?: [string, string][]) => void {
  const dialog = need<HTMLDialogElement>("#desk-many");
  const form = need<HTMLFormElement>("[data-many]", dialog);
  let wanted = "";
  const ask = (deed: string, fields?: [string, string][]): void => {
    if (deed === "close" || fields) return void run(desk, deed, fields ?? []);
    wanted = deed;
    for (const part of all<HTMLElement>("[data-many-part]", form)) {
      const chosen = part.dataset["manyPart"] === deed;
      part.hidden = !chosen;
      for (const field of all<HTMLInputElement>("input, select", part)) field.disabled = !chosen;
      if (chosen) need("[data-many-title]", dialog).textContent = part.dataset["title"] ?? "";
    }
    dialog.showModal();
    form.querySelector<HTMLElement>("input:enabled, select:enabled")?.focus();
  };
  form.addEventListener("submit", () => {
    void run(desk, wanted, [...new FormData(form)] as [string, string][]);
  });
  desk.element.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const button = event.target.closest<HTMLElement>("[data-bulk-deed]");
    if (button) ask(button.dataset["bulkDeed"] ?? "");
    if (event.target.closest("[data-bulk-clear]")) desk.list.pickNothing();
  });
  return ask;
}

async function run(desk: Desk, deed: string, fields: [string, string][]): Promise<void> {
  const ids = desk.list.selection;
  const form = new URLSearchParams([["deed", deed], ...fields, ...ids.map((id): [string, string] => ["id", id])]);
  const answer = await send("/inbox/bulk/", { method: "POST", form }).catch(() => undefined);
  if (answer?.status !== 200) return void toast(say("unreachable"), { bad: true });
  const told = JSON.parse(answer.text) as { done: string[]; said: string; failed: number };
  desk.list.pickNothing();
  for (const id of told.done) desk.list.changed(id);
  const back = deed === "close" || deed === "snooze";
  toast(told.said, {
    bad: told.failed > 0,
    ...(back
      ? {
          undo: () => {
            const again = new URLSearchParams([["deed", "reopen"], ["undo", "1"], ...told.done.map((id): [string, string] => ["id", id])]);
            void send("/inbox/bulk/", { method: "POST", form: again }).catch(() => undefined);
          },
        }
      : {}),
  });
}
