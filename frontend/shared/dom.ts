/** The first match inside `root`, or an error that names what is missing: a template and its script disagree. */
export function need<T extends Element>(selector: string, root: ParentNode = document): T {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`The page has no ${selector}`);
  return found;
}

export function all<T extends Element>(selector: string, root: ParentNode = document): T[] {
  return [...root.querySelectorAll<T>(selector)];
}

/** The first element of a fragment that the server drew. */
export function fromHtml<T extends Element = HTMLElement>(html: string): T {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  const element = template.content.firstElementChild;
  if (!element) throw new Error("The server sent an empty fragment");
  return document.importNode(element, true) as T;
}

/** Fills “{title} was moved to {stage}”. */
export function fill(sentence: string, values: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (_whole, name: string) => String(values[name] ?? ""));
}

/** Whether a key press belongs to a field rather than to the page's shortcuts. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input:not([type=checkbox], [type=range]), textarea, select, [contenteditable]") !== null;
}

/** An icon of the sprite, for what is drawn in the browser. */
export function icon(name: string): SVGSVGElement {
  const sheet = need<HTMLLinkElement>('link[rel="stylesheet"]').getAttribute("href") ?? "";
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sheet.replace(/style[^/]*\.css.*$/, "icons.svg")}#${name}`);
  svg.append(use);
  return svg;
}
