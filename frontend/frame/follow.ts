// Parts of a page that ask for themselves again when something happens: `data-follow` names the live topics.
import { all } from "../shared/dom";

const AFTER = 800;
const NAMES = ["numbers.changed", "customer.changed", "reset"];

/** One stream for all parts; each gets the event `followed`, which its `hx-trigger` waits for. */
export function startFollowing(): void {
  const topics = new Set(all<HTMLElement>("[data-follow]").flatMap((part) => (part.dataset["follow"] ?? "").split(" ")));
  topics.delete("");
  if (topics.size === 0) return;
  const query = [...topics].map((topic) => `topic=${encodeURIComponent(topic)}`).join("&");
  const source = new EventSource(`/live?${query}`);
  let timer = 0;
  const tell = (): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      for (const part of all("[data-follow]")) part.dispatchEvent(new CustomEvent("followed"));
    }, AFTER);
  };
  for (const name of NAMES) source.addEventListener(name, tell);
  window.addEventListener("pagehide", () => source.close());
}
