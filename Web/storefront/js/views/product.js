// One product: what it is, what it costs, what is like it and what goes with it.

import { h, fill, icon, ICONS, announce } from "../dom.js";
import { item, recommend, shopSettings, similarPictures } from "../api.js";
import { searchAddress, categoryValue } from "../address.js";
import { productPicture, hasPicture } from "../pictures.js";
import { priceOf, ratingOf, addButton, quantityInput, recommendedShelf, shelf, notice } from "../cards.js";
import { household } from "../household.js";
import { sessionID, track, line } from "../events.js";
import { bundleBlock } from "../bundle.js";

export async function productView(root, { path, signal }) {
  const id = path[1] ?? "";
  fill(root, h("div", { class: "product-page", "aria-busy": "true" }, h("div", { class: "skeleton-picture" })));
  let card;
  try {
    card = await item(id, signal);
  } catch (error) {
    if (signal.aborted) return;
    fill(root, error.status === 404
      ? notice("This product is no longer here", "It may have left the shop’s range.", h("a", { class: "button", href: "#/" }, "To the front page"))
      : notice("The product could not be loaded", error.message));
    return;
  }
  document.title = `${card.title} · ${shopSettings().title}`;
  const user = household(), session = sessionID();
  const quantity = quantityInput(1, { label: "Quantity" });
  fill(root,
    breadcrumb(card),
    h("article", { class: "product-page" },
      h("div", { class: "product-page-picture" }, productPicture(card), !hasPicture(card) && h("p", { class: "picture-note" }, "Drawn from the product’s type: this product has no photograph.")),
      h("div", { class: "product-page-text" },
        card.brand && h("p", { class: "product-brand" }, card.brand),
        h("h1", { tabindex: -1 }, card.title),
        ratingOf(card),
        priceOf(card),
        h("p", { class: card.in_stock ? "stock stock-in" : "stock stock-out" }, card.in_stock ? [icon(ICONS.check, 16), "In stock"] : "Sold out"),
        h("div", { class: "product-page-buy" }, card.in_stock && card.price && quantity.element, addButton(card, { list: "item", quantity: quantity.value }, { large: true })),
        card.description && h("p", { class: "product-description" }, card.description),
        facts(card), rateIt(card))),
    card.in_stock && card.price && bundleBlock(card, signal),
    hasPicture(card) && shopSettings().searches_pictures === true && shelf({
      title: "Looks alike", subtitle: "By the pictures alone", list: "looks_alike", signal,
      load: () => similarPictures(card.id, { limit: 12 }, signal),
    }),
    recommendedShelf({
      title: "Often bought together", subtitle: "From baskets that held this product", list: "bought_together", signal,
      load: () => recommend("bought_together", { item: card.id, user, session, limit: 12 }, signal),
    }),
    recommendedShelf({
      title: "Similar products", list: "similar", signal,
      load: () => recommend("similar", { item: card.id, user, session, limit: 12 }, signal),
    }));
  track("view_item", [line(card)]);
}

function breadcrumb(card) {
  const path = card.product_type ?? [];
  return h("nav", { class: "breadcrumb-souk", "aria-label": "Breadcrumb" }, h("ol", null,
    h("li", null, h("a", { href: "#/" }, "Home")),
    path.map((name, index) => h("li", null, h("a", { href: searchAddress({ category: categoryValue(path.slice(0, index + 1)) }) }, name)))));
}

function facts(card) {
  const rows = [];
  for (const [name, values] of Object.entries(card.attributes ?? {})) {
    if (values?.length) rows.push([name.replaceAll("_", " "), values.join(", ")]);
  }
  rows.push(["Article number", card.id]);
  if (card.source_text) rows.push(["Supplier’s wording", h("code", null, card.source_text)]);
  return h("dl", { class: "facts" }, rows.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", null, value))));
}

/** A shopper's own rating, sent as an event. */
function rateIt(card) {
  const thanks = h("span", { class: "rate-thanks" });
  const buttons = [1, 2, 3, 4, 5].map((stars) => h("button", {
    type: "button", class: "rate-star", "aria-label": stars === 1 ? "1 star" : `${stars} stars`, "aria-pressed": "false",
    onclick: () => {
      buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(index < stars)));
      thanks.textContent = "Thank you.";
      announce(`Rated ${stars} of 5.`);
      track("rate_item", [line(card)], { rating: stars });
    },
  }, "★"));
  return h("div", { class: "rate", role: "group", "aria-label": "Your rating" }, h("span", null, "Your rating"), h("span", { class: "rate-stars" }, buttons), thanks);
}
