import { all, need } from "../shared/dom";
import { showImage, watchImages } from "../shared/images";

/** A photo chosen, dropped or pasted anywhere in its form; the form is sent as any other. Persona pages also print themselves. */
export function startPhotos(): void {
  for (const form of all<HTMLFormElement>("form[data-photo-form]")) watch(form);
  for (const button of all("[data-print-page]")) button.addEventListener("click", () => print());
}

function watch(form: HTMLFormElement): void {
  const box = need<HTMLElement>("[data-photo-drop]", form);
  const input = need<HTMLInputElement>('input[type="file"]', box);
  const shown = need<HTMLImageElement>("[data-photo-shown]", box);

  watchImages(form, box, input, (file) => {
    const carrier = new DataTransfer();
    carrier.items.add(file);
    input.files = carrier.files;
    showImage(shown, file);
    const remove = form.querySelector<HTMLInputElement>('input[name="remove_photo"]');
    if (remove) remove.checked = false;
  });
}
