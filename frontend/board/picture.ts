import { need } from "../shared/dom";
import { showImage, watchImages } from "../shared/images";
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

  watchImages(form, box, input, (file) => {
    if (file.size > MOST_BYTES) {
      input.value = "";
      toast(say("tooLarge"), { bad: true });
      return;
    }
    chosen = file;
    if (remove) remove.checked = false;
    showImage(shown, file);
  });
  return () => chosen;
}
