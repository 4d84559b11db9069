// The bell in the rail: how many notices are unread, as it changes. One stream a page: where the page has one of its own
// (a map, a part that follows something), the bell listens there; elsewhere it opens one while the page is in sight.
import { fill } from "../shared/dom";
import { fromStream } from "../shared/stream";

interface Told {
  unread: number;
}

export function startNotices(followed: boolean): void {
  const bell = document.querySelector<HTMLElement>("[data-notices]");
  if (!bell) return;
  document.addEventListener("live:notices.changed", (event) => show(bell, (event as CustomEvent<Told>).detail.unread));
  if (!followed && !document.querySelector("journey-board, inbox-desk")) follow(bell.dataset["notices"] ?? "");
}

function show(bell: HTMLElement, unread: number): void {
  const badge = bell.querySelector<HTMLElement>("[data-notices-count]");
  const words = bell.querySelector<HTMLElement>("[data-notices-words]");
  if (badge) {
    badge.textContent = unread > 99 ? "99+" : String(unread);
    badge.hidden = unread === 0;
  }
  if (words) words.textContent = unread ? fill(bell.dataset["unread"] ?? "", { n: unread }) : "";
}

/** Browsers allow few connections to one server: a page nobody looks at gives its own back. */
function follow(topic: string): void {
  let source: EventSource | undefined;
  let lastId = "";
  const open = (): void => {
    if (source || document.hidden) return;
    const query = new URLSearchParams({ topic, ...(lastId ? { last_event_id: lastId } : {}) });
    source = new EventSource(`/live?${query.toString()}`);
    fromStream(source, ["notices.changed"]);
    for (const name of ["ready", "notices.changed"]) {
      source.addEventListener(name, (event: MessageEvent) => (lastId = event.lastEventId || lastId));
    }
  };
  const close = (): void => {
    source?.close();
    source = undefined;
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", open);
  open();
}
