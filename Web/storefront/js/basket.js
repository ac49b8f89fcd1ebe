// The basket lives in this browser alone; the server hears of it through events.

import { track, line } from "./events.js";
import { storageKey } from "./api.js";

const LARGEST_QUANTITY = 99;
const changes = new EventTarget();

function read() {
  try {
    const lines = JSON.parse(localStorage.getItem(storageKey("basket")) ?? "[]");
    return Array.isArray(lines) ? lines.filter((each) => each?.card?.id && each.quantity > 0) : [];
  } catch {
    return [];  // Something else wrote there: start afresh.
  }
}

function write(lines) {
  localStorage.setItem(storageKey("basket"), JSON.stringify(lines));
  changes.dispatchEvent(new Event("change"));
}

export const basketLines = read;
export const basketCount = () => read().reduce((sum, each) => sum + each.quantity, 0);
export const onBasketChange = (action, signal) => changes.addEventListener("change", action, { signal });

/** Puts pieces of a card's item into the basket; `origin` says where the card was shown. */
export function addToBasket(card, quantity = 1, origin = {}) {
  const lines = read();
  const found = lines.find((each) => each.card.id === card.id);
  if (found) found.quantity = Math.min(LARGEST_QUANTITY, found.quantity + quantity);
  else lines.push({ card: slim(card), quantity });
  write(lines);
  const { position, ...about } = origin;
  track("add_to_cart", [line(card, { quantity, position })], about);
}

/** Sets a line's quantity; zero takes it out. */
export function setQuantity(id, quantity) {
  const lines = read();
  const found = lines.find((each) => each.card.id === id);
  if (!found) return;
  const wanted = Math.max(0, Math.min(LARGEST_QUANTITY, Math.round(quantity) || 0));
  const difference = wanted - found.quantity;
  found.quantity = wanted;
  write(lines.filter((each) => each.quantity > 0));
  if (difference === 0) return;
  track(difference > 0 ? "add_to_cart" : "remove_from_cart", [line(found.card, { quantity: Math.abs(difference) })], { list: "basket" });
}

export function emptyBasket() {
  write([]);
}

/** What the basket page needs of a card, so that storage stays small. */
function slim({ id, title, product_type, brand, price, price_before_sale, currency, in_stock, attributes, image_link }) {
  return { id, title, product_type, brand, price, price_before_sale, currency, in_stock, attributes, image_link };
}
