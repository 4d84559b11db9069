// Replies, notes and actions on their way to the server: kept over a lost connection and a closed tab, in their order.
import { Unreachable, send } from "../shared/net";
import { type Fate, Queue } from "../shared/queue";
import { say } from "./words";

export interface Job {
  kind: "message" | "deed";
  /** Of a message: its id, made here; the server knows it again. */
  id: string;
  conversation: string;
  url: string;
  fields: [string, string][];
  /** Files wait in memory only: they don't fit into the browser's small store. */
  files?: File[];
  /** It was begun with files, which went with their page. */
  hadFiles?: boolean;
  tries?: number;
}

interface Handlers {
  stored: (job: Job, html: string) => void;
  /** The server said no, in a sentence. */
  refused: (job: Job, html: string) => void;
  pending: (job: Job, pending: boolean) => void;
  /** Another tab delivers it. */
  elsewhere: (job: Job) => void;
  /** That tab is done with it, one way or the other. */
  gone: (job: Job) => void;
}

export class Jobs {
  private readonly queue: Queue<Job>;

  constructor(me: string, private readonly handlers: Handlers) {
    this.queue = new Queue<Job>(`parcours.desk.${me}`, {
      deliver: (job) => this.deliver(job),
      pending: (job, pending) => handlers.pending(job, pending),
      waiting: (count) => (document.documentElement.dataset["deskWaits"] = String(count)),
      refused: (job) => handlers.refused(job, ""),
      kept: ({ files, tries: _tries, ...rest }) => (files?.length ? { ...rest, hadFiles: true } : rest),
      elsewhere: (job) => handlers.elsewhere(job),
      gone: (job) => handlers.gone(job),
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.queue.all.some((job) => job.files?.length)) event.preventDefault();
    });
  }

  start(): void {
    this.queue.start();
  }

  add(job: Job): void {
    this.queue.add(job);
  }

  of(conversation: string): Job[] {
    return this.queue.all.filter((job) => job.conversation === conversation);
  }

  private async deliver(job: Job): Promise<Fate> {
    if (job.hadFiles && !job.files) {
      this.handlers.refused(job, `<p>${say("filesLost")}</p>`);
      return "done";
    }
    try {
      const answer = await send(job.url, { method: "POST", form: form(job) });
      // Signed out: it waits until somebody signs in again in another tab.
      if (answer.status === 401) return "later";
      if (answer.status >= 500) return "again";
      if (answer.status >= 400) this.handlers.refused(job, answer.text);
      else this.handlers.stored(job, answer.text);
      return "done";
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      return "later";
    }
  }
}

function form(job: Job): FormData | URLSearchParams {
  if (!job.files?.length) return new URLSearchParams(job.fields);
  const data = new FormData();
  for (const [name, value] of job.fields) data.append(name, value);
  for (const file of job.files) data.append("files", file);
  return data;
}
