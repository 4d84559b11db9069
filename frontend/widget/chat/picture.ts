// Pictures without <img>: a page's content policy may forbid pictures of other sites, never a canvas.
import { el } from "./dom";
import type { SharedFile } from "./net";

const WIDEST = 220;

/** A link to the file; a picture is drawn into it once it is here. */
export function pictureOf(file: SharedFile): HTMLElement {
  const of = `${file.name} ${file.size}`;
  if (!file.url) return el("span", { class: "f", "data-of": of }, file.name);
  const link = el("a", { class: "f", href: file.url, target: "_blank", rel: "noopener", "data-of": of }, file.name);
  if (file.type.startsWith("image/")) void draw(link, file);
  return link;
}

async function draw(link: HTMLElement, file: SharedFile): Promise<void> {
  try {
    const answer = await fetch(file.url, { credentials: "omit" });
    const picture = await createImageBitmap(await answer.blob());
    const scale = Math.min(1, WIDEST / picture.width, WIDEST / picture.height);
    const canvas = el("canvas", { role: "img", "aria-label": file.name });
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    link.replaceChildren(canvas);
  } catch {
    // Its name stays.
  }
}
