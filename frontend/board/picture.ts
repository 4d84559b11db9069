import { need } from "../shared/dom";
import { toast } from "../shared/toasts";
import { say } from "./words";

const MOST_BYTES = 10 * 1024 * 1024;

/** A picture chosen, dropped or pasted in the form. Returns a function that gives the one to send, if any. */
export function watchPicture(form: HTMLFormElement): () => File | null {
  const box = form.querySelector<HTMLElement>("[data-drop]");
  if (!box) return () => null;
  const input = need<HTMLInputElement>('input[type="file"]', box);
  const shown = need<HTMLImageElement>("[data-drop-shown]", box);
  const remove = form.querySelector<HTMLInputElement>('input[name="remove_picture"]');
  let chosen: File | null = null;

  const take = (file: File | undefined): boolean => {
    if (!file?.type.startsWith("image/")) return false;
    if (file.size > MOST_BYTES) {
      toast(say("tooLarge"), { bad: true });
      return false;
    }
    chosen = file;
    if (remove) remove.checked = false;
    const address = URL.createObjectURL(file);
    shown.onload = () => URL.revokeObjectURL(address);
    shown.src = address;
    shown.hidden = false;
    return true;
  };

  input.addEventListener("change", () => {
    if (!take(input.files?.[0])) input.value = "";
  });
  form.addEventListener("paste", (event) => {
    const file = [...(event.clipboardData?.files ?? [])].find((one) => one.type.startsWith("image/"));
    if (take(file)) event.preventDefault();
  });
  for (const name of ["dragenter", "dragover"] as const) {
    form.addEventListener(name, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      box.dataset["over"] = "";
    });
  }
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget as Node | null)) delete box.dataset["over"];
  });
  form.addEventListener("drop", (event) => {
    delete box.dataset["over"];
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  });
  return () => chosen;
}
