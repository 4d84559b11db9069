import { all, need } from "../shared/dom";

/** A photo chosen, dropped or pasted anywhere in its form; the form is sent as any other. Persona pages also print themselves. */
export function startPhotos(): void {
  for (const form of all<HTMLFormElement>("form[data-photo-form]")) watch(form);
  for (const button of all("[data-print-page]")) button.addEventListener("click", () => print());
}

function watch(form: HTMLFormElement): void {
  const box = need<HTMLElement>("[data-photo-drop]", form);
  const input = need<HTMLInputElement>('input[type="file"]', box);
  const shown = need<HTMLImageElement>("[data-photo-shown]", box);

  const show = (): void => {
    const file = input.files?.[0];
    if (!file) return;
    const address = URL.createObjectURL(file);
    shown.onload = () => URL.revokeObjectURL(address);
    shown.src = address;
    shown.hidden = false;
    const remove = form.querySelector<HTMLInputElement>('input[name="remove_photo"]');
    if (remove) remove.checked = false;
  };

  const take = (files: FileList | undefined): boolean => {
    const file = [...(files ?? [])].find((one) => one.type.startsWith("image/"));
    if (!file) return false;
    const carrier = new DataTransfer();
    carrier.items.add(file);
    input.files = carrier.files;
    show();
    return true;
  };

  input.addEventListener("change", show);
  form.addEventListener("paste", (event) => {
    if (take(event.clipboardData?.files)) event.preventDefault();
  });
  form.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    box.dataset["over"] = "";
  });
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget as Node | null)) delete box.dataset["over"];
  });
  form.addEventListener("drop", (event) => {
    delete box.dataset["over"];
    if (take(event.dataTransfer?.files)) event.preventDefault();
  });
}
