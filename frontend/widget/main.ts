// What a shop puts on its pages: <script async src="https://…/widget.js" data-key="pk_…"></script>.
// Calls made before it has loaded wait in window.parcours.q.
import type { Proof } from "./chat/host";
import { Loader } from "./chat/loader";
import { consent, remember, type Consent } from "./consent";
import { Messages } from "./messages";
import { Outbox } from "./outbox";
import { cartOf, followAddress, followClicks, productOnPage, whereabouts } from "./page";
import type { Properties } from "./messages";

type Arguments = [what: string, ...rest: unknown[]];
interface Parcours {
  (...call: Arguments): void;
  q?: ArrayLike<unknown>[];
}
declare global {
  interface Window {
    parcours?: Parcours;
  }
}

/** Short names of the events that every shop has. */
const SHORT: Record<string, string> = {
  search: "Products Searched",
  list: "Product List Viewed",
  product: "Product Viewed",
  add: "Product Added",
  remove: "Product Removed",
  cart: "Cart Viewed",
  checkout: "Checkout Started",
  order: "Order Completed",
};

function start(script: HTMLScriptElement): void {
  const { key, chat, language, consent: given, auto } = script.dataset;
  if (!key && !chat) {
    console.error("Parcours: the script lacks data-key, the write key of its source.");
    return;
  }
  const outbox = key ? new Outbox(new URL("/v1/b", script.src).href, key) : null;
  const messages = new Messages();
  const say = (type: string, more: Properties): void => outbox?.add(messages.make(type, more));
  let about: Properties = {};
  const track = (event: string, properties: Properties = {}): void => {
    about = { ...about, ...cartOf(properties) };
    say("track", { event, properties });
  };
  const talk =
    chat === "off"
      ? null
      : new Loader({
          base: new URL("/", script.src).href,
          key,
          chat,
          language: language ?? (document.documentElement.lang || navigator.language),
          context: () => ({ ...whereabouts(), ...about }),
          anonymous: () => messages.known,
        });

  const allow = (answer: Consent): void => {
    messages.allow(answer);
    outbox?.allow(answer);
  };

  const does: Record<string, (...rest: never[]) => void> = {
    page: (properties: Properties = {}) => {
      say("page", { properties: { ...messages.page(), ...properties } });
    },
    track,
    /** With a proof of the shop's server (`{ signature }` or `{ token }`) the chat knows who it is, too. */
    identify: (userId: string, traits: Properties = {}, proof?: Proof) => {
      messages.is(String(userId));
      say("identify", { traits });
      if (proof) void talk?.identify({ user: String(userId), ...proof });
    },
    open: () => {
      void talk?.open();
    },
    close: () => {
      void talk?.close();
    },
    /** What a conversation should know: `cart`, `cart_id`, `order_id`. */
    context: (facts: Properties) => {
      about = { ...about, ...facts };
    },
    consent: (answer: string) => {
      remember(answer);
      allow(consent());
    },
    reset: () => {
      messages.forget();
      about = {};
      void talk?.reset();
    },
  };

  const call = (...[what, ...rest]: Arguments): void => {
    const short = Object.hasOwn(SHORT, what) ? SHORT[what] : undefined;
    const run = Object.hasOwn(does, what) ? does[what] : undefined;
    if (short) track(short, rest[0] as Properties);
    else if (run) run(...(rest as never[]));
    else console.error(`Parcours: there is no “${what}”.`);
  };

  const waiting = window.parcours?.q ?? [];
  window.parcours = call;
  allow(consent(given));
  // The answer given in another tab counts here too.
  addEventListener("storage", ({ key: changed }) => {
    if (changed === "parcours.consent") allow(consent(given));
  });
  if (auto !== "off") {
    const arrived = (): void => {
      call("page");
      const product = productOnPage();
      if (product) call("product", product);
    };
    arrived();
    followAddress(arrived);
    followClicks(track);
  }
  for (const one of Array.from(waiting)) call(...(Array.from(one) as Arguments));
}

const script = document.currentScript;
if (script instanceof HTMLScriptElement) start(script);
