// Proposals on the map: accepted, dismissed and brought back without leaving it, and fresh when somebody else decides.
import { all } from "../shared/dom";
import { Unreachable, send } from "../shared/net";
import { toast } from "../shared/toasts";
import { say } from "./words";

const SOON = 400;
let timer = 0;

/** Forms of proposals answer with a sentence; what was decided can be taken back from there. */
export function startProposals(signal: AbortSignal): void {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || form.dataset["proposalDo"] === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      void decide(form);
    },
    { signal, capture: true },
  );
}

async function decide(form: HTMLFormElement): Promise<void> {
  const box = form.closest<HTMLElement>("[data-proposal]");
  if (!box || box.dataset["busy"] !== undefined) return;
  box.dataset["busy"] = "";
  const back = box.dataset["back"] ?? "";
  const next = neighbour(box);
  const sentence = await post(form.action, new FormData(form));
  delete box.dataset["busy"];
  if (sentence === null) return;
  box.remove();
  next?.focus();
  const undo = form.action.endsWith("/withdraw/") ? undefined : (): void => void post(back, new FormData());
  toast(sentence, undo ? { undo } : {});
}

/** What takes the focus when a proposal goes: the next one, so that many can be decided in a row. */
function neighbour(box: HTMLElement): HTMLElement | null {
  const boxes = all<HTMLElement>("[data-proposal]");
  const at = boxes.indexOf(box);
  return (boxes[at + 1] ?? boxes[at - 1])?.querySelector<HTMLElement>("button") ?? null;
}

async function post(address: string, form: FormData): Promise<string | null> {
  try {
    const answer = await send(address, { method: "POST", form });
    if (answer.status < 300) return answer.text;
    const fault = new DOMParser().parseFromString(answer.text, "text/html").body.textContent?.replace(/\s+/g, " ").trim();
    toast(answer.status === 401 ? say("signedOut") : (fault ?? say("unreachable")), { bad: true });
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    toast(say("unreachable"), { bad: true });
  }
  return null;
}

/** Fetches what is proposed now, soon: several changes at once are fetched once. */
export function refreshProposals(): void {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void fetchProposals(), SOON);
}

async function fetchProposals(): Promise<void> {
  const response = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  if (!response?.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const slot of all<HTMLElement>("[data-proposals]")) {
    const fresh = page.querySelector<HTMLElement>(`[data-proposals="${CSS.escape(slot.dataset["proposals"] ?? "")}"]`);
    if (fresh && namesOf(fresh) !== namesOf(slot) && !slot.contains(document.activeElement)) {
      slot.replaceWith(document.adoptNode(fresh));
    }
  }
  const count = document.querySelector("[data-proposals-count]");
  const now = page.querySelector("[data-proposals-count]");
  if (count && now) count.textContent = now.textContent;
}

const namesOf = (slot: HTMLElement): string =>
  all<HTMLElement>("[data-proposal]", slot)
    .map((one) => one.dataset["proposal"])
    .join() + (slot.querySelector(".proposal-more")?.textContent ?? "");
