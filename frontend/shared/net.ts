import { need } from "./dom";

/** The server could not be reached at all: what was sent may be sent again later. */
export class Unreachable extends Error {}

export function csrfToken(): string {
  return need<HTMLMetaElement>('meta[name="csrf-token"]').content;
}

export interface Answer {
  status: number;
  text: string;
  etag: string | null;
}

export interface Sending {
  method?: "GET" | "POST";
  form?: FormData | URLSearchParams;
  revision?: string | undefined;
  signal?: AbortSignal;
}

/** One request for a fragment. Throws Unreachable when there is no connection or no server behind it. */
export async function send(url: string, { method = "GET", form, revision, signal }: Sending = {}): Promise<Answer> {
  const headers = new Headers({ "X-Requested-With": "parcours", "HX-Request": "true", "HX-Current-URL": location.href });
  if (method === "POST") headers.set("X-CSRFToken", csrfToken());
  if (revision) headers.set("If-Match", `"${revision}"`);
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers,
      body: form ?? null,
      credentials: "same-origin",
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Unreachable(url);
  }
  if (response.status === 502 || response.status === 503 || response.status === 504) throw new Unreachable(url);
  const etag = response.headers.get("ETag")?.replace(/^W\//, "").replaceAll('"', "") ?? null;
  return { status: response.status, text: await response.text(), etag };
}
