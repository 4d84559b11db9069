// The desk as a whole: opens conversations, sends what is written and done, takes over what others do.
import { all, fromHtml, need } from "../shared/dom";
import { newId } from "../shared/ids";
import { send } from "../shared/net";
import { paced } from "../shared/paced";
import { toast } from "../shared/toasts";
import { Composer, type Written } from "./composer";
import { type Job, Jobs } from "./jobs";
import { List } from "./list";
import { Live, type Told } from "./live";
import { Customer } from "./customer";
import { Others } from "./others";
import { Quick } from "./quick";
import { Thread } from "./thread";
import { Ticking } from "./ticking";
import { announce, say } from "./words";

const A_WHILE = 1000;
const SELDOM = 3000;
const SAID: Record<string, string> = { close: "closed", reopen: "reopened", assign: "assigned", snooze: "snoozed", merge: "merged", block: "blocked", unblock: "unblocked" };
/** Deeds after which a conversation isn't among the open ones, with what takes them back and the views that keep it. */
const LEAVES: Record<string, { undo: string; views: string[] }> = {
  close: { undo: "reopen", views: ["closed", "blocked"] },
  snooze: { undo: "reopen", views: ["snoozed", "due", "late", "blocked"] },
  block: { undo: "unblock", views: ["closed", "blocked"] },
};

/** `undo`: the deeds that take back what the macro did. */
interface MacroDone {
  text: string;
  said: string;
  undo: [string, [string, string][]][];
}

export class Desk {
  readonly list: List;
  readonly jobs: Jobs;
  thread: Thread | undefined;
  composer: Composer | undefined;
  quick: Quick | undefined;
  private readonly live: Live;
  private readonly others: Others;
  private readonly customer: Customer;
  private readonly talk: HTMLElement;
  private readonly beside: HTMLElement;
  private readonly countSoon = paced(A_WHILE, () => this.counts(), SELDOM);
  private readonly refreshSoon = paced(A_WHILE, () => this.refresh());
  private readonly reloadSoon = paced(A_WHILE, () => this.reload());
  private readonly toasts = new Map<string, HTMLElement>();
  private asked = 0;

  constructor(readonly element: HTMLElement) {
    this.talk = need("#desk-talk", element);
    this.beside = need("#desk-beside", element);
    this.list = new List(element);
    this.list.onopen = (link) => void this.open(link.href);
    this.others = new Others(element);
    this.customer = new Customer(element);
    this.live = new Live(element, { changed: (told) => this.changed(told), lost: () => void this.reload() });
    this.jobs = new Jobs(element.dataset["me"] ?? "", {
      stored: (job, html) => this.stored(job, html),
      refused: (job, html) => this.refused(job, html),
      pending: (job, pending) => this.pending(job, pending),
      elsewhere: (job) => void (this.isOpenMessage(job) && this.showJob(job)),
      gone: (job) => void (this.isOpenMessage(job) && this.thread?.settle(job.id)),
    });
    new Ticking(element, () => this.countSoon());
    this.begin();
    this.jobs.start();
    element.addEventListener("submit", (event) => this.onSubmit(event));
    element.addEventListener("click", (event) => this.onClick(event));
    window.addEventListener("popstate", () => void this.open(location.href, false));
    document.addEventListener("visibilitychange", () => this.shown());
  }

  get me(): string {
    return this.element.dataset["me"] ?? "";
  }

  get article(): HTMLElement | null {
    return this.talk.querySelector<HTMLElement>("[data-conversation]");
  }

  get openId(): string {
    return this.article?.dataset["conversation"] ?? "";
  }

  // Opening

  async open(href: string, remember = true): Promise<void> {
    const url = new URL(href, location.href);
    const id = /\/inbox\/([0-9a-f-]{36})\//.exec(url.pathname)?.[1] ?? "";
    const mine = ++this.asked;
    if (!id) {
      if (remember) history.pushState(null, "", url);
      this.close();
      return;
    }
    this.list.mark(id);
    const answer = await send(url.href).catch(() => undefined);
    if (mine !== this.asked) return;
    if (!answer || answer.status !== 200) {
      this.list.mark(this.openId);
      toast(say("unreachable"), { bad: true });
      return;
    }
    if (remember) history.pushState(null, "", url);
    this.talk.replaceChildren(fromHtml(answer.text));
    this.element.classList.add("has-open");
    this.element.classList.remove("shows-beside");
    this.begin();
    this.talk.focus({ preventScroll: true });
    announce(say("opened", { title: this.article?.dataset["title"] ?? "" }));
    await this.fetchBeside();
  }

  close(): void {
    this.element.classList.remove("has-open", "shows-beside");
    const before = this.list.place;
    this.thread?.close();
    this.thread = this.composer = this.quick = undefined;
    this.article?.remove();
    this.list.mark("");
    this.others.at("");
    this.live.follow("");
    this.list.links[Math.max(before, 0)]?.focus();
  }

  /** Brings what the server drew to life. */
  private begin(): void {
    this.thread?.close();
    const { article } = this;
    const id = this.openId;
    this.thread = article ? new Thread(need("[data-scroll]", article)) : undefined;
    this.compose();
    if (article) window.htmx?.process(article);
    document.title = article ? `${article.dataset["title"]} · Parcours` : document.title;
    this.live.follow(id);
    this.others.at(id);
    for (const job of this.jobs.of(id)) if (job.kind === "message") this.showJob(job);
    this.shown();
  }

  private compose(): void {
    const form = this.article?.querySelector<HTMLFormElement>("[data-compose]");
    const id = this.openId;
    this.composer = form
      ? new Composer(form, id, (written) => this.write(id, written), (typing) => {
          this.others.types(typing);
          if (typing) this.customer.types(id);
        })
      : undefined;
    this.quick = form && this.composer ? new Quick(form, this.composer) : undefined;
  }

  async fetchBeside(): Promise<void> {
    const id = this.openId;
    if (!id) return;
    const answer = await send(`/inbox/${id}/beside/${this.list.query}`).catch(() => undefined);
    if (answer?.status !== 200 || id !== this.openId) return;
    const fresh = fromHtml(answer.text);
    const story = this.beside.querySelector(`[data-beside="${id}"] [data-beside-story]`);
    // What stands there stays until its newer state has come.
    if (story) fresh.querySelector("[data-beside-story]")?.replaceChildren(...story.childNodes);
    this.beside.replaceChildren(fresh);
    window.htmx?.process(this.beside);
  }

  private shown(): void {
    const id = this.openId;
    const unseen = this.article?.querySelector('.said-in[data-step="stored"]');
    if (!id || !unseen || document.hidden) return;
    for (const one of all(".said-in[data-step=stored]", this.talk)) one.setAttribute("data-step", "shown");
    void send(`/inbox/${id}/shown/`, { method: "POST" }).catch(() => undefined);
  }

  // What is written and done here

  private write(conversation: string, written: Written): void {
    const form = need<HTMLFormElement>("[data-compose]", this.talk);
    const fields: [string, string][] = [["text", written.text], ...written.used.map((one): [string, string] => ["used", one])];
    if (written.close) fields.push(["close", "1"]);
    if (written.manner) fields.push(["manner", written.manner]);
    const url = (written.isNote ? form.dataset["noteUrl"] : form.dataset["replyUrl"]) ?? "";
    this.post(conversation, url, fields, written.files);
    if (!written.isNote) this.quick?.answered();
    if (written.close) this.leaves(conversation, "close", this.article?.dataset["number"] ?? "");
  }

  /** Words on their way, shown at once; `fields` begin with `text`, what they look like. */
  post(conversation: string, url: string, fields: [string, string][], files: File[] = []): void {
    const id = newId();
    const job: Job = { kind: "message", id, conversation, url, fields: [...fields, ["id", id]], files };
    this.showJob(job);
    this.jobs.add(job);
  }

  private showJob(job: Job): void {
    const text = job.fields.find(([name]) => name === "text")?.[1] ?? "";
    this.thread?.waits(job.id, text, job.url.endsWith("/note/"), job.files?.map((file) => file.name) ?? []);
  }

  /** A deed on the open conversation: shown at once, stored when the server has it. */
  act(deed: string, fields: [string, string][]): void {
    const { article } = this;
    if (!article) return;
    const conversation = this.openId;
    const job = this.does(conversation, deed, fields);
    article.dataset["busy"] = "";
    const number = article.dataset["number"] ?? "";
    const undo = deed === "merge" ? { undo: () => void this.does(conversation, "unmerge") } : {};
    this.toasts.set(job, LEAVES[deed] ? this.leaves(conversation, deed, number) : toast(say(SAID[deed] ?? "changed", { number }), undo));
  }

  /** The id of the deed. */
  private does(conversation: string, deed: string, fields: [string, string][] = []): string {
    const id = newId();
    this.jobs.add({ kind: "deed", id, conversation, url: `/inbox/${conversation}/do/${deed}/`, fields });
    return id;
  }

  private leaves(conversation: string, deed: string, number: string): HTMLElement {
    const view = this.element.dataset["view"] ?? "";
    const way = LEAVES[deed];
    const stays = way?.views.includes(view) ?? true;
    if (!stays && !new URLSearchParams(this.list.query).get("q")) this.list.drop(conversation);
    return toast(say(SAID[deed] ?? "changed", { number }), {
      undo: () => void this.does(conversation, way?.undo ?? "reopen", [["undo", "1"]]),
    });
  }

  private stored(job: Job, html: string): void {
    this.toasts.delete(job.id);
    if (this.isOpenMessage(job)) {
      this.thread?.put(html);
      announce(say("stored"));
    }
    if (job.kind === "deed" && job.conversation === this.openId) void this.refresh();
    if (job.url.endsWith("/do/place/")) void this.fetchBeside();
    this.list.changed(job.conversation);
  }

  private refused(job: Job, html: string): void {
    const why = html ? sentences(html) : "";
    this.toasts.get(job.id)?.remove();
    this.toasts.delete(job.id);
    if (this.isOpenMessage(job)) {
      const isBack = this.composer?.giveBack(job.fields[0]?.[1] ?? "", job.url.endsWith("/note/"), job.files ?? []);
      if (isBack) this.thread?.drop(job.id);
      else this.thread?.failed(job.id, why || say("refused"));
    } else if (job.kind === "message") keepDraft(job);
    toast(why || say("refused"), { bad: true });
    this.list.changed(job.conversation);
    if (job.conversation === this.openId) void this.refresh();
  }

  private isOpenMessage(job: Job): boolean {
    return job.kind === "message" && job.conversation === this.openId;
  }

  private pending(job: Job, pending: boolean): void {
    const box = job.kind === "message" ? this.thread?.message(job.id) : undefined;
    box?.toggleAttribute("data-slow", pending);
  }

  // What others do

  private changed(told: Told): void {
    if (!told.conversation) return void this.reloadSoon(); // many at once
    if (told.what !== "step" || told.step === "failed") {
      this.list.changed(told.conversation);
      this.countSoon();
    }
    if (told.conversation !== this.openId) return;
    if (told.direction === "in" && told.what !== "step") this.quick?.ask();
    if (!told.message || told.what === "started") return void this.refresh();
    void this.thread?.fetch(told.message).then(() => this.shown());
    if (told.what !== "step") this.refreshSoon(); // its head may have become different
  }

  /** The open conversation as the server has it now; what is being written stays. */
  async refresh(): Promise<void> {
    const id = this.openId;
    if (!id) return;
    const answer = await send(`/inbox/${id}/${this.list.query}`).catch(() => undefined);
    const { article } = this;
    if (answer?.status !== 200 || id !== this.openId || !article) return;
    const fresh = fromHtml(answer.text);
    const before = article.dataset["status"];
    Object.assign(article.dataset, { revision: fresh.dataset["revision"], status: fresh.dataset["status"], assignee: fresh.dataset["assignee"], tags: fresh.dataset["tags"] });
    delete article.dataset["busy"];
    const head = need(".talk-head", article);
    if (!head.querySelector(":popover-open") && !head.contains(document.activeElement)) head.replaceWith(need(".talk-head", fresh));
    else if (before !== fresh.dataset["status"] || !head.querySelector(":popover-open")) {
      const at = (document.activeElement as HTMLElement | null)?.getAttribute("aria-keyshortcuts");
      head.replaceWith(need(".talk-head", fresh));
      if (at) article.querySelector<HTMLElement>(`[aria-keyshortcuts="${CSS.escape(at)}"]`)?.focus();
    }
    need("[data-talk-notices]", article).replaceWith(need("[data-talk-notices]", fresh));
    this.thread?.take(need("[data-scroll]", fresh));
    const form = article.querySelector<HTMLElement>("[data-compose]");
    const window_ = fresh.querySelector<HTMLElement>("[data-compose]");
    if (form && window_ && form.dataset["window"] !== window_.dataset["window"]) {
      form.replaceWith(window_);
      this.compose();
    }
    this.others.at(id);
    this.shown();
    if (before !== fresh.dataset["status"]) void this.fetchBeside();
  }

  async counts(): Promise<void> {
    const answer = await send("/inbox/counts/").catch(() => undefined);
    if (answer?.status !== 200) return;
    const told = JSON.parse(answer.text) as { counts: Record<string, number>; by_account: Record<string, number>; by_queue: Record<string, number> };
    const shown = new Intl.NumberFormat(document.documentElement.lang);
    for (const place of all<HTMLElement>("[data-count]", this.element)) {
      const number = told.counts[place.dataset["count"] ?? ""];
      if (number !== undefined && place.textContent !== "") place.textContent = shown.format(number);
    }
    for (const place of all<HTMLElement>("[data-account-count]", this.element)) {
      place.textContent = shown.format(told.by_account[place.dataset["accountCount"] ?? ""] ?? 0);
    }
    for (const place of all<HTMLElement>("[data-queue-count]", this.element)) {
      place.textContent = shown.format(told.by_queue[place.dataset["queueCount"] ?? ""] ?? 0);
    }
    document.dispatchEvent(new CustomEvent("desk:counted"));
  }

  private async reload(): Promise<void> {
    const response = await fetch(`/inbox/${this.list.query}`, { headers: { Accept: "text/html" } }).catch(() => undefined);
    if (response?.ok) await this.list.reload(new DOMParser().parseFromString(await response.text(), "text/html"));
    await this.refresh();
    await this.counts();
  }

  // Clicks and forms

  private onSubmit(event: SubmitEvent): void {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
    if (form.dataset["deed"]) {
      event.preventDefault();
      const fields = [...new FormData(form, event.submitter)].filter(([name]) => name !== "csrfmiddlewaretoken");
      form.closest<HTMLElement>("[popover]")?.hidePopover();
      this.act(form.dataset["deed"], fields as [string, string][]);
    } else if (form.matches("[data-again], [data-split], [data-macro]")) {
      event.preventDefault();
      void this.submit(form);
    }
  }

  private async submit(form: HTMLFormElement): Promise<void> {
    form.closest<HTMLElement>("[popover]")?.hidePopover();
    const answer = await send(form.action, { method: "POST" }).catch(() => undefined);
    if (!answer) return void toast(say("unreachable"), { bad: true });
    if (answer.status !== 200) return void toast(sentences(answer.text), { bad: true });
    if (form.matches("[data-again]")) this.thread?.put(answer.text);
    else if (form.matches("[data-macro]")) this.takeMacro(JSON.parse(answer.text) as MacroDone);
    else await this.open((JSON.parse(answer.text) as { url: string }).url + this.list.query);
  }

  private takeMacro(told: MacroDone): void {
    const conversation = this.openId;
    toast(told.said, told.undo.length ? { undo: () => told.undo.forEach(([deed, fields]) => this.does(conversation, deed, fields)) } : {});
    if (!told.text || !this.composer) return;
    this.composer.setNote(false);
    this.composer.insert(told.text);
    this.composer.findGap();
  }

  private onClick(event: MouseEvent): void {
    if (!(event.target instanceof Element)) return;
    const at = event.target;
    if (at.closest("[data-show-beside]")) this.element.classList.add("shows-beside");
    if (at.closest("[data-hide-beside]")) this.element.classList.remove("shows-beside");
    const pictures = at.closest<HTMLElement>("[data-mail-images]");
    if (pictures) this.thread?.showPictures(pictures);
    if (at.closest("[data-back]") && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      void this.open(need<HTMLAnchorElement>("[data-back]", this.element).href);
    }
  }
}

/** What the server says of a fault, as one text; the name of a field is nothing for people. */
function sentences(html: string): string {
  const told = fromHtml(html);
  const parts = all("p:not(.mono)", told).map((part) => (part.textContent ?? "").trim());
  return (parts.length ? parts.join(" ") : (told.textContent ?? "")).replace(/\s+/g, " ").trim();
}

/** Words that were refused while another conversation is open wait there as its draft, before what stands there. */
function keepDraft(job: Job): void {
  const key = `parcours.draft.${job.conversation}`;
  const draft = JSON.parse(localStorage.getItem(key) ?? "null") as { text: string; note: boolean } | null;
  const text = [job.fields[0]?.[1] ?? "", draft?.text ?? ""].filter(Boolean).join("\n\n");
  localStorage.setItem(key, JSON.stringify({ text, note: job.url.endsWith("/note/") || (draft?.note ?? false) }));
}
