// Where the visitor writes: Enter sends, Shift and Enter begins a line; files by button, paste or drop.
import { el, icon } from "./dom";
import { begun, keep } from "./kept";
import type { Draft } from "./outbox";
import type { Words } from "./words";

const LARGEST = 10 * 1024 * 1024;
const KINDS = ["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"];
const CLIP = "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 5 5l-8.500 8.500a1.700 1.700 0 0 1-2.500-2.500L15 7";
const PLANE = "M4 12l16-8-5 16-3-7z";
const CROSS = "M6 6l12 12M18 6L6 18";

export class Composer {
  readonly element: HTMLElement;
  readonly text: HTMLTextAreaElement;
  #files: File[] = [];
  #list: HTMLElement;
  #fault: HTMLElement;

  constructor(
    private readonly words: Words,
    private readonly send: (draft: Draft) => void,
    private readonly types: () => void,
  ) {
    this.text = el("textarea", { rows: 1, "aria-label": words.write, placeholder: words.write, maxlength: 10000 });
    this.text.value = begun();
    requestAnimationFrame(() => this.#grow());
    const choose = el("input", { type: "file", multiple: true, accept: KINDS.join(), hidden: true });
    const attach = el("button", { class: "icon", type: "button", "aria-label": words.attach, title: words.attach });
    const go = el("button", { class: "icon", type: "submit", "aria-label": words.send, title: words.send });
    attach.append(icon(CLIP));
    go.append(icon(PLANE));
    this.#list = el("ul", { class: "files", hidden: true });
    this.#fault = el("p", { class: "bad", role: "alert" });
    const form = el("form", { class: "write" }, attach, choose, this.text, go);
    this.element = el("div", {}, this.#fault, this.#list, form);
    attach.addEventListener("click", () => {
      choose.click();
    });
    choose.addEventListener("change", () => {
      this.#add(choose.files);
      choose.value = "";
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.text.addEventListener("input", () => {
      this.#grow();
      keep(this.text.value);
      if (this.text.value.trim()) this.types();
    });
    this.text.addEventListener("paste", (event) => {
      if (event.clipboardData?.files.length) {
        event.preventDefault();
        this.#add(event.clipboardData.files);
      }
    });
  }

  /** Files that were dropped on the chat. */
  take(files: FileList | undefined): void {
    this.#add(files ?? null);
  }

  /** Somebody else may come. */
  forget(): void {
    this.text.value = "";
    keep("");
    this.#grow();
  }

  #grow(): void {
    if (!this.text.value) return void this.text.style.removeProperty("height");
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight + 2}px`;
  }

  #add(files: FileList | null): void {
    this.#fault.textContent = "";
    for (const file of files ?? []) {
      if (file.size > LARGEST) this.#fault.textContent = this.words.big;
      else if (!KINDS.includes(file.type)) this.#fault.textContent = this.words.kind;
      else if (this.#files.length < 5) this.#files.push(file);
    }
    this.#show();
    this.text.focus();
  }

  #show(): void {
    this.#list.hidden = !this.#files.length;
    this.#list.replaceChildren(
      ...this.#files.map((file) => {
        const remove = el("button", { class: "icon", type: "button", "aria-label": this.words.remove(file.name) });
        remove.append(icon(CROSS));
        remove.addEventListener("click", () => {
          this.#files = this.#files.filter((each) => each !== file);
          this.#show();
          this.text.focus();
        });
        return el("li", {}, file.name, remove);
      }),
    );
  }

  #submit(): void {
    const text = this.text.value.trim();
    if (!text && !this.#files.length) return;
    const files = this.#files.map((file) => ({ name: file.name, type: file.type, size: file.size, blob: file }));
    this.text.value = "";
    keep("");
    this.#files = [];
    this.#fault.textContent = "";
    this.#show();
    this.#grow();
    this.send(draftOf(text, files));
    this.text.focus();
  }
}

export function draftOf(text: string, files: Draft["files"] = []): Draft {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const id = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { id, text, files, at: new Date().toISOString(), fault: "" };
}
