// Product cards, shelves and the small parts they share.

import { h, icon, ICONS, highlighted, announce } from "./dom.js";
import { productPicture } from "./pictures.js";
import { formatMoney, formatOneDecimal, moneyUnits } from "./format.js";
import { shopSettings } from "./api.js";
import { addToBasket } from "./basket.js";
import { track, line } from "./events.js";
import { contributionName, contributionsOf } from "./contributions.js";

export const itemAddress = (id) => `#/item/${encodeURIComponent(id)}`;

function percentOff(card) {
  const before = moneyUnits(card.price_before_sale), now = moneyUnits(card.price);
  return before > now && now > 0 ? Math.round((1 - now / before) * 100) : 0;
}

/** The price, with the former one struck through while a sale holds. */
export function priceOf(card) {
  if (!card.price) return h("p", { class: "price price-none" }, "Price in store");
  const off = percentOff(card);
  return h("p", { class: off > 0 ? "price price-sale" : "price" },
    h("span", { class: "visually-hidden" }, off > 0 ? "Sale price " : "Price "),
    h("span", { class: "price-now" }, formatMoney(card.price, card.currency)),
    off > 0 && [h("span", { class: "visually-hidden" }, ", before the sale "), h("s", { class: "price-before" }, formatMoney(card.price_before_sale, card.currency))]);
}

/** Stars and a number; labelled when the ratings were simulated. */
export function ratingOf(card) {
  if (!card.rating || !card.rating.count) return null;
  const { stars: level = card.rating.mean, count } = card.rating;
  const synthetic = card.rating.synthetic ?? shopSettings().synthetic;
  const sentence = `Rated ${formatOneDecimal(level)} of 5 by ${count}${synthetic ? ", synthetic ratings" : ""}`;
  return h("p", { class: "rating", title: sentence },
    h("span", { class: "stars", role: "img", "aria-label": sentence }, stars(level)),
    h("span", { class: "rating-count", "aria-hidden": "true" }, `${formatOneDecimal(level)} (${count})`),
    synthetic && h("span", { class: "synthetic", "aria-hidden": "true" }, "synthetic"));
}

function stars(mean) {
  const filled = h("span", { class: "stars-filled" }, "★★★★★");
  filled.style.width = `${Math.max(0, Math.min(100, mean * 20))}%`;
  return ["★★★★★", filled];
}

export function stockOf(card) {
  return card.in_stock ? null : h("p", { class: "stock stock-out" }, "Sold out");
}

export function addButton(card, origin, { large = false } = {}) {
  if (!card.in_stock || !card.price) {
    return h("button", { class: large ? "button button-large" : "button-add", type: "button", disabled: true, "aria-label": `Add ${card.title} to the basket: not available` },
      large ? "Not available online" : icon(ICONS.plus));
  }
  const button = h("button", {
    class: large ? "button button-large" : "button-add", type: "button", "aria-label": `Add ${card.title} to the basket`,
    onclick: () => {
      addToBasket(card, origin.quantity?.() ?? 1, { ...origin, quantity: undefined });
      announce(`${card.title} is in the basket.`);
      button.classList.add("is-added");
      setTimeout(() => button.classList.remove("is-added"), 1200);
    },
  }, large ? [icon(ICONS.basket), "Add to basket"] : [icon(ICONS.plus), icon(ICONS.check)]);
  return button;
}

/** One product in a grid or on a shelf. `origin`: list, position, query and impression_id for the events it causes. */
export function productCard(card, origin) {
  const { position, ...about } = origin;
  const select = () => track("select_item", [line(card, { position })], about);
  const size = card.attributes?.size?.[0];
  const off = percentOff(card);
  return h("article", { class: card.in_stock ? "product" : "product is-sold-out", data: { id: card.id } },
    h("div", { class: "product-picture" },
      productPicture(card),
      off > 0 && h("span", { class: "badge-sale" }, `−${off}%`),
      size && h("span", { class: "badge-size" }, size)),
    h("div", { class: "product-text" },
      card.brand && h("p", { class: "product-brand" }, card.brand),
      h("h3", { class: "product-title" },
        h("a", { href: itemAddress(card.id), class: "product-link", onclick: select },
          card.highlight?.title ? highlighted(card.highlight.title) : card.title)),
      ratingOf(card), stockOf(card),
      card.reason && h("p", { class: "reason" }, icon(ICONS.spark, 14), h("span", null, card.reason)),
      whyOf(card),
      h("div", { class: "product-foot" }, priceOf(card), addButton(card, origin))));
}

/** What the score of a recommendation is made of, as bars. */
function whyOf(card) {
  const parts = contributionsOf(card);
  if (parts.length === 0) return null;
  const largest = Math.max(...parts.map(({ value }) => Math.abs(value)), Number.MIN_VALUE);
  return h("details", { class: "why" },
    h("summary", null, "Why this?"),
    h("ul", { class: "why-list" }, parts.map((each) => {
      const bar = h("span", { class: each.value < 0 ? "why-bar is-less" : "why-bar", "aria-hidden": "true" });
      bar.style.width = `${Math.max(2, Math.abs(each.value) / largest * 100)}%`;
      return h("li", null, h("span", { class: "why-name" }, contributionName(each)), h("span", { class: "why-value" }, each.value.toPrecision(2)), bar);
    })));
}

/** Tells the server which products were shown, in order. */
export function trackImpression(cards, { list, query, impression_id, firstPosition = 1 }) {
  if (cards.length === 0) return;
  track("view_item_list", cards.map((card, index) => line(card, { position: firstPosition + index })), { list, query, impression_id });
}

/** A horizontal shelf of recommendations; none in a shop without models that could fill it. */
export function recommendedShelf(properties) {
  return shopSettings().recommends === false ? null : shelf(properties);
}

/** A horizontal shelf that loads itself; it disappears when there is nothing to show. `subtitle` may be made from the answer. */
export function shelf({ title, subtitle, list, load, headingLevel = "h2", signal }) {
  const track_ = h("ul", { class: "shelf-track", role: "list" }, skeletons(6));
  const status = h("p", { class: "shelf-subtitle" }, typeof subtitle === "function" ? "" : subtitle ?? "");
  const section = h("section", { class: "shelf", data: { list }, "aria-label": title, "aria-busy": "true" },
    h("div", { class: "shelf-head" }, h("div", null, h(headingLevel, { class: "shelf-title" }, title), status), scrollButtons(track_)),
    track_);
  load().then((answer) => {
    section.removeAttribute("aria-busy");
    if (answer.items.length === 0) { section.remove(); return; }
    if (typeof subtitle === "function") status.textContent = subtitle(answer);
    const about = { list, impression_id: answer.impression_id };
    track_.replaceChildren(...answer.items.map((card, index) => h("li", null, productCard(card, { ...about, position: index + 1 }))));
    trackImpression(answer.items, about);
  }).catch((error) => {
    if (signal?.aborted) return;
    section.removeAttribute("aria-busy");
    track_.replaceChildren(h("li", { class: "shelf-error" }, `This shelf could not be filled: ${error.message}`));
  });
  return section;
}

function scrollButtons(list) {
  const move = (direction) => () => list.scrollBy({ left: direction * list.clientWidth * 0.85 });
  return h("div", { class: "shelf-buttons" },
    h("button", { type: "button", class: "button-round", "aria-label": "Scroll back", onclick: move(-1) }, icon(ICONS.left)),
    h("button", { type: "button", class: "button-round", "aria-label": "Scroll on", onclick: move(1) }, icon(ICONS.chevron)));
}

/** Grey shapes where products will be. */
export function skeletons(count) {
  return Array.from({ length: count }, () => h("li", { class: "skeleton", "aria-hidden": "true" },
    h("div", { class: "skeleton-picture" }), h("div", { class: "skeleton-line" }), h("div", { class: "skeleton-line is-short" })));
}

/** A quantity with minus and plus. */
export function quantityInput(value, { label, onchange, least = 1 }) {
  const input = h("input", { type: "number", min: least, max: 99, value, inputmode: "numeric", "aria-label": label, class: "quantity-value" });
  const change = (next) => {
    input.value = String(Math.max(least, Math.min(99, Math.round(Number(next)) || least)));
    onchange?.(Number(input.value));
  };
  input.addEventListener("change", () => change(input.value));
  const element = h("div", { class: "quantity" },
    h("button", { type: "button", "aria-label": `Fewer: ${label}`, onclick: () => change(Number(input.value) - 1) }, icon(ICONS.minus, 16)),
    input,
    h("button", { type: "button", "aria-label": `More: ${label}`, onclick: () => change(Number(input.value) + 1) }, icon(ICONS.plus, 16)));
  return { element, value: () => Number(input.value) };
}

export function notice(title, text, ...actions) {
  return h("div", { class: "notice" }, h("h2", { class: "notice-title" }, title), h("p", null, text), actions.length > 0 && h("div", { class: "notice-actions" }, actions));
}
