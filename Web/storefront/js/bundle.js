// A set of products that are bought together, with its price and one button.

import { h, icon, ICONS, announce } from "./dom.js";
import { bundle, shopSettings } from "./api.js";
import { productPicture } from "./pictures.js";
import { formatMoney } from "./format.js";
import { itemAddress, trackImpression } from "./cards.js";
import { addToBasket } from "./basket.js";
import { track, line } from "./events.js";

/** The set around a product; nothing where there is none. */
export function bundleBlock(card, signal) {
  if (shopSettings().recommends === false) return null;
  const section = h("section", { class: "bundle", "aria-label": "Often bought as a set", hidden: true });
  bundle(card.id, null, signal).then((answer) => {
    if (answer.items.length < 2) return section.remove();
    section.append(...content(answer));
    section.hidden = false;
    trackImpression(answer.items.slice(1), { list: "bundle", impression_id: answer.impression_id });
  }).catch(() => section.remove());  // A page without the set is whole, and the shelves say what is wrong.
  return section;
}

function content(answer) {
  const about = { list: "bundle", impression_id: answer.impression_id };
  return [
    h("h2", { class: "shelf-title" }, "Often bought as a set"),
    h("div", { class: "bundle-body" },
      h("ul", { class: "bundle-items", role: "list" }, answer.items.map((card, index) => h("li", null, index > 0 && h("span", { class: "bundle-plus", "aria-hidden": "true" }, icon(ICONS.plus, 18)), member(card, index, about)))),
      total(answer, about)),
  ];
}

function member(card, index, about) {
  return h("div", { class: "bundle-item" },
    h("div", { class: "bundle-picture" }, productPicture(card)),
    h("p", { class: "bundle-name" }, index === 0 ? [h("strong", null, "This product: "), card.title]
      : h("a", { href: itemAddress(card.id), onclick: () => track("select_item", [line(card, { position: index })], about) }, card.title)),
    h("p", { class: "bundle-price" }, formatMoney(card.price, card.currency)));
}

function total(answer, about) {
  const { items, sum, saving, price, currency } = answer;
  const button = h("button", { type: "button", class: "button button-large", onclick: () => {
    items.forEach((card, index) => addToBasket(card, 1, index === 0 ? { list: "bundle" } : { ...about, position: index }));
    announce(`${items.length} products are in the basket.`);
    button.classList.add("is-added");
    setTimeout(() => button.classList.remove("is-added"), 1200);
  } }, icon(ICONS.basket), `Add all ${items.length} to the basket`);
  return h("div", { class: "bundle-total" },
    h("p", { class: "bundle-sum" }, h("span", null, `${items.length} products together`), h("strong", null, formatMoney(price, currency)),
      saving && h("s", { class: "price-before" }, formatMoney(sum, currency))),
    saving && h("p", { class: "bundle-saving" }, `You save ${formatMoney(saving, currency)}`),
    button);
}
