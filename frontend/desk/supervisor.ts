// The supervisor's wall: parts that changed are put in place by themselves; what one does there opens a dialog.
import { all, fill, fromHtml, need } from "../shared/dom";
import { newId } from "../shared/ids";
import { send } from "../shared/net";
import { paced } from "../shared/paced";
import { toast } from "../shared/toasts";

const TOGETHER = 1_500;
const AGES = 20_000;
const NAMES = ["inbox.changed", "presence.changed", "routing.changed", "reset"];

export class Supervisor {
  private conversation = "";
  private readonly soon = paced(TOGETHER, () => this.refresh());

  constructor(private readonly wall: HTMLElement) {
    this.listen();
    window.setInterval(() => this.soon(), AGES); // how long somebody waits goes on by itself
    document.addEventListener("visibilitychange", this.soon);
    wall.addEventListener("click", (event) => this.onClick(event));
    document.addEventListener("submit", (event) => this.onSubmit(event));
    document.querySelector("[data-wall-full]")?.addEventListener("click", () => void wall.requestFullscreen());
  }

  private listen(): void {
    const { brand, liveId } = this.wall.dataset;
    const source = new EventSource(`/live?topic=inbox:${brand}&last_event_id=${liveId}`);
    for (const name of NAMES) source.addEventListener(name, () => this.soon());
    window.addEventListener("pagehide", () => source.close());
  }

  private async refresh(): Promise<void> {
    if (document.hidden) return;
    const answer = await send(location.pathname).catch(() => undefined);
    if (answer?.status === 200) this.put(fromHtml(answer.text));
    this.say(answer?.status === 200);
  }

  private put(fresh: HTMLElement): void {
    for (const part of all<HTMLElement>("[data-part]", fresh)) {
      const old = this.wall.querySelector<HTMLElement>(`[data-part="${part.dataset["part"]}"]`);
      if (!old || old.innerHTML === part.innerHTML) continue;
      const focused = old.contains(document.activeElement) ? address(document.activeElement) : "";
      const { scrollTop } = old;
      old.innerHTML = part.innerHTML;
      old.scrollTop = scrollTop;
      if (focused) old.querySelector<HTMLElement>(focused)?.focus({ preventScroll: true });
    }
  }

  private say(reached: boolean): void {
    const place = need<HTMLElement>("[data-wall-lost]", this.wall);
    if (!reached && place.hidden) {
      const time = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short" }).format(new Date());
      place.textContent = fill(this.wall.dataset["lost"] ?? "", { time });
    }
    place.hidden = reached;
  }

  private onClick(event: MouseEvent): void {
    if (!(event.target instanceof Element)) return;
    const button = event.target.closest<HTMLElement>("[data-wall-do]");
    if (button) this.openConversation(button);
    const agent = event.target.closest("[data-wall-agent]")?.closest<HTMLElement>("[data-person]");
    if (agent) openAgent(agent);
  }

  private openConversation(button: HTMLElement): void {
    const row = button.closest<HTMLElement>("[data-conversation]");
    const dialog = need<HTMLDialogElement>("#wall-do");
    this.conversation = row?.dataset["conversation"] ?? "";
    need("[data-wall-title]", dialog).textContent = row?.dataset["title"] ?? "";
    need<HTMLSelectElement>("#wall-assignee", dialog).value = button.dataset["assignee"] ?? "";
    const queue = dialog.querySelector<HTMLSelectElement>("#wall-queue");
    if (queue) queue.value = button.dataset["queue"] ?? "";
    need<HTMLTextAreaElement>("#wall-note", dialog).value = "";
    (document.fullscreenElement ?? document.body).append(dialog);
    dialog.showModal();
  }

  private onSubmit(event: SubmitEvent): void {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    const deed = form.dataset["wallDeed"];
    const isNote = form.matches("[data-wall-note]");
    const isPresence = form.matches("[data-wall-presence]");
    if (!deed && !isNote && !isPresence) return;
    event.preventDefault();
    const fields = new URLSearchParams([...new FormData(form)] as [string, string][]);
    if (isNote) fields.set("id", newId());
    const url = isPresence ? form.action : `/inbox/${this.conversation}/${deed ? `do/${deed}` : "note"}/`;
    void this.post(url, fields, form.closest("dialog"));
  }

  private get done(): string {
    return this.wall.dataset["done"] ?? "";
  }

  private async post(url: string, fields: URLSearchParams, dialog: HTMLDialogElement | null): Promise<void> {
    const answer = await send(url, { method: "POST", form: fields }).catch(() => undefined);
    if (!answer || answer.status >= 400) {
      const why = answer ? (fromHtml(answer.text).textContent ?? "").replace(/\s+/g, " ").trim() : "";
      return void toast(why || (this.wall.dataset["unreachable"] ?? ""), { bad: true });
    }
    dialog?.close();
    toast(answer.text.startsWith("{") ? ((JSON.parse(answer.text) as { said?: string }).said ?? this.done) : this.done);
    this.soon();
  }
}

function openAgent(row: HTMLElement): void {
  const dialog = need<HTMLDialogElement>("#wall-agent");
  need("[data-wall-agent-title]", dialog).textContent = row.dataset["title"] ?? "";
  for (const field of all<HTMLInputElement>("[name=person]", dialog)) field.value = row.dataset["person"] ?? "";
  need<HTMLSelectElement>("[name=state]", dialog).value = row.dataset["state"] ?? "";
  need<HTMLInputElement>("[name=reason]", dialog).value = row.dataset["state"] === "away" ? (row.dataset["reason"] ?? "") : "";
  (document.fullscreenElement ?? document.body).append(dialog);
  dialog.showModal();
}

/** By what the focused element is found again after its part was drawn anew. */
function address(element: Element | null): string {
  const row = element?.closest<HTMLElement>("[data-conversation], [data-person]");
  const name = row?.dataset["conversation"] ? `[data-conversation="${row.dataset["conversation"]}"]` : row ? `[data-person="${row.dataset["person"]}"]` : "";
  if (element?.tagName === "A") return `${name} a[href="${CSS.escape(element.getAttribute("href") ?? "")}"]`;
  return name ? `${name} button` : "";
}
