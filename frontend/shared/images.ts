/** An image chosen in `input`, or pasted or dropped anywhere in its form; `box` shows that one may be dropped. */
export function watchImages(
  form: HTMLFormElement,
  box: HTMLElement,
  input: HTMLInputElement,
  take: (file: File) => void,
): void {
  const found = (files: FileList | null | undefined): boolean => {
    const image = [...(files ?? [])].find((file) => file.type.startsWith("image/"));
    if (image) take(image);
    return image !== undefined;
  };
  input.addEventListener("change", () => {
    if (!found(input.files)) input.value = "";
  });
  form.addEventListener("paste", (event) => {
    if (found(event.clipboardData?.files)) event.preventDefault();
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
    found(event.dataTransfer.files);
  });
}

/** Shows a file before it is sent. */
export function showImage(shown: HTMLImageElement, file: File): void {
  const address = URL.createObjectURL(file);
  shown.onload = () => URL.revokeObjectURL(address);
  shown.src = address;
  shown.hidden = false;
}
