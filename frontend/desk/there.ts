// Whether the person takes conversations: their menu, the desk's heartbeat, and the next conversation.
import { fromHtml } from "../shared/dom";
import { send } from "../shared/net";
import { toast } from "../shared/toasts";
import type { Desk } from "./desk";
import { announce, say } from "./words";

interface Mine {
  state: string;
  words: string;
  load: string;
}

const HEARTBEAT = 30_000;

export function startThere(desk: Desk): void {
  const head = document.querySelector<HTMLElement>("[data-me-now]");
  if (!head) return;
  const draw = (text: string): void => {
    const told = JSON.parse(text) as Mine;
    head.dataset["state"] = told.state;
    head.querySelector("[data-me-words]")!.textContent = told.words;
    head.querySelector("[data-me-load]")!.textContent = told.load;
  };
  const beat = async (): Promise<void> => {
    const answer = await send(head.dataset["seen"] ?? "", { method: "POST" }).catch(() => undefined);
    if (answer?.status === 200) draw(answer.text);
  };
  void beat();
  window.setInterval(() => void beat(), HEARTBEAT);
  document.addEventListener("desk:counted", () => void beat());
  document.addEventListener("live:presence.changed", (event) => {
    if ((event as CustomEvent<{ person: string }>).detail.person === desk.me) void beat(); // said in another tab, or by whoever leads
  });
  head.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    event.preventDefault();
    form.closest<HTMLElement>("[popover]")?.hidePopover();
    void (form.matches("[data-next]") ? next(desk, form) : change(form, event.submitter, draw));
  });
}

async function change(form: HTMLFormElement, submitter: HTMLElement | null, draw: (text: string) => void): Promise<void> {
  const fields = new URLSearchParams([...new FormData(form, submitter)] as [string, string][]);
  const answer = await send(form.action, { method: "POST", form: fields }).catch(() => undefined);
  if (answer?.status !== 200) return void toast(answer ? why(answer.text) : say("unreachable"), { bad: true });
  draw(answer.text);
  announce(document.querySelector("[data-me-words]")?.textContent ?? "");
  form.reset();
}

async function next(desk: Desk, form: HTMLFormElement): Promise<void> {
  const answer = await send(form.action, { method: "POST" }).catch(() => undefined);
  if (answer?.status !== 200) return void toast(answer ? why(answer.text) : say("unreachable"), { bad: true });
  const told = JSON.parse(answer.text) as { url: string; said: string };
  if (told.url) await desk.open(told.url + desk.list.query);
  else toast(told.said);
}

function why(html: string): string {
  return (fromHtml(html).textContent ?? "").replace(/\s+/g, " ").trim();
}
