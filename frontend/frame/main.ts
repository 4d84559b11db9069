import { all, need } from "../shared/dom";
import { csrfToken } from "../shared/net";
import { leaveWhenRead, toast } from "../shared/toasts";
import { startAnchors } from "./anchor";
import { startAttaching } from "./attach";
import { startFollowing } from "./follow";
import { startMentions } from "./mentions";
import { startNotices } from "./notices";
import { startPhotos } from "./photo";
import { startPictures } from "./pictures";
import { startSearch } from "./search";
import { startSheets } from "./sheet";
import { startTheme } from "./theme";
import { startValues } from "./values";
import { startThreads } from "./threads";

document.documentElement.classList.add("scripts");

/** Filters and other small forms go off as soon as something else is chosen. */
function startOwnSubmit(): void {
  document.addEventListener("change", (event) => {
    if (!(event.target instanceof Element)) return;
    const form = event.target.closest<HTMLFormElement>("form[data-submits-itself]");
    if (!form || event.target.closest("[data-submits-not]")) return;
    const empty = all<HTMLInputElement>("[data-omit-when]", form).filter(
      (field) => field.value === field.dataset["omitWhen"],
    );
    for (const field of empty) field.disabled = true;
    form.requestSubmit();
    for (const field of empty) field.disabled = false;
  });
}

/** A table wider than its frame can be scrolled by keyboard too. */
function startScrollers(): void {
  const watch = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0");
      else target.removeAttribute("tabindex");
    }
  });
  for (const frame of all(".table-frame")) watch.observe(frame);
  document.addEventListener("htmx:load", (event) => {
    if (event.target instanceof Element) for (const frame of all(".table-frame", event.target)) watch.observe(frame);
  });
}

function startConnection(): void {
  const line = need<HTMLElement>("#offline");
  const show = (): void => {
    line.hidden = navigator.onLine;
  };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}

/** The same form is a dialog on one page and a page of its own elsewhere. */
function leave(dialog: HTMLDialogElement | null): void {
  if (dialog) dialog.close();
  else history.back();
}

function startDialogs(): void {
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const opener = event.target.closest<HTMLElement>("[data-dialog]");
    if (opener) need<HTMLDialogElement>(`#${CSS.escape(opener.dataset["dialog"] ?? "")}`).showModal();
    if (event.target.closest("[data-dialog-close]")) leave(event.target.closest("dialog"));
    if (event.target.closest("[data-toast-close]")) event.target.closest("[data-toast]")?.remove();
  });
}

/** Copies what a person will need elsewhere, for instance a key that is shown once. */
function startCopies(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-copy]") : null;
    if (!button) return;
    void navigator.clipboard.writeText(button.dataset["copy"] ?? "").then(() => {
      if (button.dataset["copied"]) toast(button.dataset["copied"]);
    });
  });
}

document.addEventListener("htmx:configRequest", (event) => {
  (event as CustomEvent<{ headers: Record<string, string> }>).detail.headers["X-CSRFToken"] = csrfToken();
});

/** An answer that a page waits for and doesn't get: the page itself then says what is wrong. */
document.addEventListener("htmx:responseError", (event) => {
  const waiting = event.target instanceof Element ? event.target.closest("[data-waits]") : null;
  const address = waiting?.getAttribute("hx-get");
  if (address) location.replace(address);
});

startTheme();
for (const here of all(".segmented [aria-current], .tabs [aria-current]")) here.scrollIntoView({ block: "nearest", inline: "center" });
startAnchors();
startSearch();
startOwnSubmit();
startSheets();
startAttaching();
startDialogs();
startCopies();
startConnection();
startPictures();
startPhotos();
startValues();
startScrollers();
startNotices(startFollowing());
startMentions();
startThreads();
all<HTMLElement>("#toasts [data-toast]:not(.bad)").forEach(leaveWhenRead);
