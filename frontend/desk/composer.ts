// Writing: a reply or a note, with files; a draft is kept for each conversation until it is sent.
import { icon, need } from "../shared/dom";
import { toast } from "../shared/toasts";
import { announce, say } from "./words";

export interface Written {
  text: string;
  files: File[];
  isNote: boolean;
  close: boolean;
  /** Ids of the quick replies that it was made of. */
  used: string[];
  /** In public or in private, where there is a choice. */
  manner: string;
}

interface Draft {
  text: string;
  note: boolean;
}

const WARNS_FROM = 0.8;

export class Composer {
  readonly field: HTMLTextAreaElement;
  private files: File[] = [];
  private used: string[] = [];
  private isNote = false;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly conversation: string,
    private readonly onsend: (written: Written) => void,
    private readonly ontyping: (typing: boolean) => void,
  ) {
    this.field = need<HTMLTextAreaElement>("[data-text]", form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit((event.submitter as HTMLElement | null)?.hasAttribute("data-send-close") ?? false);
    });
    form.addEventListener("click", (event) => this.onClick(event));
    form.addEventListener("keydown", (event) => this.onKey(event));
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("blur", () => this.ontyping(false));
    this.field.addEventListener("paste", (event) => this.take(event.clipboardData?.files, event));
    form.addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      form.classList.add("is-dropping");
    });
    form.addEventListener("dragleave", () => form.classList.remove("is-dropping"));
    form.addEventListener("drop", (event) => {
      form.classList.remove("is-dropping");
      this.take(event.dataTransfer?.files, event);
    });
    form.querySelector("[data-file-input]")?.addEventListener("change", (event) => {
      const input = event.target as HTMLInputElement;
      this.take(input.files);
      input.value = "";
    });
    const draft = this.load();
    this.setNote(draft?.note ?? form.dataset["window"] === "closed");
    if (draft) this.field.value = draft.text;
    this.measure();
  }

  get mode(): "note" | "reply" {
    return this.isNote ? "note" : "reply";
  }

  setNote(isNote: boolean): void {
    this.isNote = isNote;
    this.form.classList.toggle("is-note", isNote);
    for (const button of this.form.querySelectorAll<HTMLElement>("[data-mode]")) {
      button.setAttribute("aria-pressed", String((button.dataset["mode"] === "note") === isNote));
    }
    const kind = isNote ? "noteWords" : "replyWords";
    this.field.placeholder = this.field.dataset[kind] ?? "";
    const button = need<HTMLElement>("[data-send]", this.form);
    button.querySelector("span")!.textContent = button.dataset[kind] ?? "";
    for (const one of this.form.querySelectorAll<HTMLElement>("[data-attach], [data-files]")) one.hidden = isNote;
    const closing = this.form.querySelector<HTMLElement>("[data-send-close]");
    if (closing) closing.hidden = isNote;
    const manner = this.form.querySelector<HTMLElement>(".compose-manner");
    if (manner) manner.hidden = isNote;
    if (isNote) this.field.dataset["mentions"] = this.field.dataset["mentionsFrom"] ?? "";
    else delete this.field.dataset["mentions"];
    const closed = !isNote && this.form.dataset["window"] === "closed";
    for (const one of this.form.querySelectorAll<HTMLButtonElement>("[data-send], [data-send-close]")) one.disabled = closed;
    this.keep();
    this.measure();
  }

  private get manner(): string {
    return this.isNote ? "" : (this.form.querySelector<HTMLSelectElement>("[data-manner]")?.value ?? "");
  }

  write(isNote: boolean): void {
    this.setNote(isNote);
    this.field.focus();
  }

  /** Words that come from elsewhere: a quick reply, or what couldn't be stored. */
  insert(text: string, from = this.field.selectionStart, to = this.field.selectionEnd): void {
    this.field.setRangeText(text, from, to, "end");
    this.field.focus();
    this.typed();
  }

  /** A quick reply was put in. */
  uses(id: string): void {
    if (id && !this.used.includes(id)) this.used.push(id);
  }

  /** What the server refused stands in the field again, unless something else was begun there. */
  giveBack(text: string, isNote: boolean, files: File[]): boolean {
    if (this.field.value.trim() || this.files.length) return false;
    this.setNote(isNote);
    this.field.value = text;
    this.files = [...files];
    this.drawFiles();
    this.typed();
    return true;
  }

  /** Selects the first variable that nothing is known for: it isn't sent to a customer. */
  findGap(): boolean {
    const gap = /\{\{[^{}]*\}\}/.exec(this.field.value);
    if (!gap) return false;
    this.field.focus();
    this.field.setSelectionRange(gap.index, gap.index + gap[0].length);
    return true;
  }

  private onClick(event: MouseEvent): void {
    if (!(event.target instanceof Element)) return;
    const mode = event.target.closest<HTMLElement>("[data-mode]");
    if (mode) this.write(mode.dataset["mode"] === "note");
    const gone = event.target.closest<HTMLElement>("[data-remove-file]");
    if (gone) {
      this.files.splice(Number(gone.dataset["removeFile"]), 1);
      this.drawFiles();
      this.field.focus();
    }
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
    event.preventDefault();
    this.submit(event.shiftKey);
  }

  private submit(close: boolean): void {
    const text = this.field.value.trim();
    if ((!text && !this.files.length) || this.left < 0) return;
    if (!this.isNote && this.form.dataset["window"] === "closed") return;
    if (!this.isNote && this.findGap()) return void announce(say("gap"));
    const written = { text, files: this.isNote ? [] : this.files, isNote: this.isNote, close: close && !this.isNote, used: this.used, manner: this.manner };
    this.field.value = "";
    if (!this.isNote) this.files = [];
    this.used = [];
    this.drawFiles();
    this.typed();
    this.ontyping(false);
    this.onsend(written);
  }

  // Files

  private take(found: FileList | null | undefined, event?: Event): void {
    const files = [...(found ?? [])];
    if (!files.length) return;
    event?.preventDefault(); // a browser would leave the desk and show the file
    if (this.isNote || !this.form.querySelector("[data-file-input]")) {
      return void toast(say(this.isNote ? "noteFiles" : "noFiles"), { bad: true });
    }
    const { mostFiles, largestFile } = this.form.dataset;
    const large = files.find((file) => file.size > Number(largestFile));
    this.files.push(...files.filter((file) => file.size <= Number(largestFile)));
    if (large) toast(say("largeFile", { name: large.name, n: Math.floor(Number(largestFile) / 1024 / 1024) }), { bad: true });
    if (this.files.length > Number(mostFiles)) toast(say("manyFiles", { n: mostFiles ?? "" }), { bad: true });
    this.files.splice(Number(mostFiles));
    this.drawFiles();
  }

  private drawFiles(): void {
    need("[data-files]", this.form).replaceChildren(
      ...this.files.map((file, at) => {
        const item = document.createElement("li");
        item.className = "said-file small";
        const name = document.createElement("span");
        name.textContent = file.name;
        const button = document.createElement("button");
        button.type = "button";
        button.className = "button small quiet icon-only";
        button.dataset["removeFile"] = String(at);
        button.setAttribute("aria-label", say("removeFile", { name: file.name }));
        button.append(icon("close"));
        item.append(icon("file"), name, button);
        return item;
      }),
    );
  }

  // The draft and its length

  private typed(): void {
    if (!this.field.value) this.used = [];
    this.keep();
    this.measure();
    this.ontyping(this.field.value.trim() !== "");
  }

  private get left(): number {
    return this.isNote ? 100_000 : Number(this.form.dataset["most"]) - this.field.value.trim().length;
  }

  private measure(): void {
    const most = Number(this.form.dataset["most"]);
    const says = this.form.querySelector("[data-length]");
    if (!says) return;
    const shown = !this.isNote && this.left < most * (1 - WARNS_FROM);
    says.textContent = !shown ? "" : this.left < 0 ? say("tooLong", { n: -this.left }) : say("left", { n: this.left });
    says.classList.toggle("said-failed", this.left < 0);
  }

  private get key(): string {
    return `parcours.draft.${this.conversation}`;
  }

  private keep(): void {
    try {
      const draft: Draft = { text: this.field.value, note: this.isNote };
      if (draft.text) localStorage.setItem(this.key, JSON.stringify(draft));
      else localStorage.removeItem(this.key);
    } catch {
      // Without a store the draft lasts as long as the page.
    }
  }

  private load(): Draft | undefined {
    try {
      return (JSON.parse(localStorage.getItem(this.key) ?? "null") as Draft | null) ?? undefined;
    } catch {
      return undefined;
    }
  }
}
