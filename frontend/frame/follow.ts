// Parts of a page that ask for themselves again when something happens: `data-follow` names the live topics.
import { all } from "../shared/dom";
import { fromStream } from "../shared/stream";

const AFTER = 800;
const NAMES = ["numbers.changed", "customer.changed", "comment.changed", "reset"];

/** One stream for all parts; each gets the event `followed`, which its `hx-trigger` waits for. False without any part. */
export function startFollowing(): boolean {
  const topics = new Set(all<HTMLElement>("[data-follow]").flatMap((part) => (part.dataset["follow"] ?? "").split(" ")));
  topics.delete("");
  if (topics.size === 0) return false;
  const person = document.querySelector<HTMLElement>("[data-notices]")?.dataset["notices"];
  if (person) topics.add(person);
  const query = new URLSearchParams([...topics].map((topic) => ["topic", topic]));
  const since = all<HTMLElement>("[data-live-id]").map((part) => Number(part.dataset["liveId"]));
  if (since.length) query.set("last_event_id", String(Math.min(...since))); // what came since the page was read is sent too
  const source = new EventSource(`/live?${query.toString()}`);
  let timer = 0;
  const tell = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      for (const part of all("[data-follow]")) part.dispatchEvent(new CustomEvent("followed"));
    }, AFTER);
  };
  for (const name of NAMES) source.addEventListener(name, tell);
  fromStream(source, ["notices.changed"]);
  window.addEventListener("pagehide", () => source.close());
  return true;
}
