// What a shop's page tells by itself: its address, the product it describes, the buttons that are marked.
import type { Properties } from "./messages";

/** Calls back for every new address, also where a page changes it without loading. */
export function followAddress(changed: () => void): void {
  let known = location.pathname;
  const look = (): void => {
    if (location.pathname === known) return;
    known = location.pathname;
    setTimeout(changed); // the page writes its new title first
  };
  for (const name of ["pushState", "replaceState"] as const) {
    const original = history[name].bind(history);
    history[name] = (...rest: Parameters<History["pushState"]>): void => {
      original(...rest);
      look();
    };
  }
  addEventListener("popstate", look);
}

/** <button data-parcours="Product Added" data-product_id="7">: a click is that event with those properties. */
export function followClicks(track: (event: string, properties: Properties) => void): void {
  document.addEventListener(
    "click",
    (click) => {
      const marked = click.target instanceof Element && click.target.closest<HTMLElement>("[data-parcours]");
      if (!marked) return;
      const { parcours, ...properties } = marked.dataset;
      if (parcours) track(parcours, properties);
    },
    true,
  );
}

/** Where the visitor is and which campaign brought them, for a conversation that they begin. */
export function whereabouts(): Properties {
  const asked = new URLSearchParams(location.search);
  const utm = Object.fromEntries([...asked].filter(([name]) => name.startsWith("utm_")));
  return {
    page: location.href,
    title: document.title,
    referrer: document.referrer,
    campaign: asked.get("utm_campaign") ?? "",
    ...(Object.keys(utm).length && { utm }),
  };
}

/** The cart, when an event tells of one. */
export function cartOf({ cart_id, order_id, products }: Properties): Properties {
  return { ...(cart_id ? { cart_id } : {}), ...(order_id ? { order_id } : {}), ...(products ? { cart: products } : {}) };
}

type Thing = Record<string, unknown>;
const isThing = (value: unknown): value is Thing => typeof value === "object" && value !== null;

/** The product that the page describes to search engines (schema.org, JSON-LD); null without exactly one. */
export function productOnPage(): Properties | null {
  const found: Thing[] = [];
  for (const script of document.querySelectorAll('script[type="application/ld+json"]')) {
    try {
      collect(JSON.parse(script.textContent ?? ""), found);
    } catch {
      // Somebody else's mistake.
    }
  }
  const [product] = found;
  if (!product || found.length > 1) return null;
  const { sku, productID, name, category, url } = product;
  const offer = first(product["offers"]);
  return {
    product_id: productID ?? sku ?? url ?? location.pathname,
    sku,
    name,
    category,
    brand: isThing(product["brand"]) ? product["brand"]["name"] : product["brand"],
    price: Number(offer["price"] ?? offer["lowPrice"]) || undefined,
    currency: offer["priceCurrency"],
    url: location.href,
  };
}

function collect(value: unknown, found: Thing[]): void {
  if (Array.isArray(value)) for (const one of value) collect(one, found);
  else if (isThing(value)) {
    if (value["@type"] === "Product" || value["@type"] === "ProductGroup") found.push(value);
    else collect(value["@graph"], found);
  }
}

function first(value: unknown): Thing {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return isThing(one) ? one : {};
}
