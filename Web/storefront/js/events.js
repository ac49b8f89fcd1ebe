// What the shopper does, sent as GA4 e-commerce events in small batches.

import { postEvents } from "./api.js";
import { household } from "./household.js";

const BATCH_DELAY_MS = 800;
const LARGEST_BATCH = 40;
const SESSION_KEY = "souk.session";

let waiting = [];
let timer = 0;

/** This browser tab's session; a new tab is a new session. */
export function sessionID() {
  let session = sessionStorage.getItem(SESSION_KEY);
  if (!session) {
    session = crypto.randomUUID();
    sessionStorage.setItem(SESSION_KEY, session);
  }
  return session;
}

async function send(batch, isRepeat = false) {
  try {
    const response = await postEvents(batch);
    // A full queue answers 503; the events keep their identifiers, so that a second delivery counts once.
    if (response.status === 503 && !isRepeat) setTimeout(() => send(batch, true), 3000);
  } catch {
    if (!isRepeat) setTimeout(() => send(batch, true), 3000);
  }
}

/** Sends what waits, now. */
export function flush() {
  clearTimeout(timer);
  timer = 0;
  while (waiting.length > 0) send(waiting.splice(0, LARGEST_BATCH));
}

/** Notes one event: `items` are `{item_id, quantity, price, position}`, `about` adds query, impression_id, list, rating. */
export function track(name, items = [], about = {}) {
  const event = { event_id: crypto.randomUUID(), name, time: new Date().toISOString(), session: sessionID() };
  const user = household();
  // Both the name of this interface and the one that GA4 uses.
  if (user) event.user = event.user_id = user;
  for (const [key, value] of Object.entries(about)) {
    if (value !== undefined && value !== null && value !== "") event[key] = value;
  }
  if (items.length > 0) event.items = items;
  waiting.push(event);
  if (waiting.length >= LARGEST_BATCH) flush();
  else timer ||= setTimeout(flush, BATCH_DELAY_MS);
}

/** An event's line for a card. */
export function line(card, { quantity, position } = {}) {
  const result = { item_id: card.id };
  if (quantity !== undefined) result.quantity = quantity;
  if (card.price) result.price = card.price;
  if (position !== undefined) result.position = position;
  return result;
}

addEventListener("pagehide", flush);
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") flush(); });
