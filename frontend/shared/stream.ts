/** Hands what a stream says on to whoever listens on the document: `live:<name>` with the message as `detail`. */
export function fromStream(source: EventSource, names: string[]): void {
  for (const name of names) {
    source.addEventListener(name, (event: MessageEvent<string>) => {
      document.dispatchEvent(new CustomEvent(`live:${name}`, { detail: JSON.parse(event.data) as unknown }));
    });
  }
}
