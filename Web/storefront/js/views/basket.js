// The basket, what completes it, and a checkout that only pretends.

import { h, fill, icon, ICONS } from "../dom.js";
import { recommend, shopSettings, storageKey } from "../api.js";
import { basketLines, setQuantity, emptyBasket, onBasketChange } from "../basket.js";
import { productPicture } from "../pictures.js";
import { itemAddress, quantityInput, recommendedShelf, notice } from "../cards.js";
import { formatUnits, formatMoney, moneyUnits, plural } from "../format.js";
import { household } from "../household.js";
import { sessionID, track, line, flush } from "../events.js";

const DEMO_LIST = "demo_checkout";

export function basketView(root, { signal, navigate }) {
  document.title = `Basket · ${shopSettings().title}`;
  const list = h("div", { class: "basket" });
  const shelfPlace = h("div");
  fill(root, h("h1", { class: "page-title", tabindex: -1 }, "Your basket"), list, shelfPlace);
  let shelfKey = null;

  function refresh() {
    const lines = basketLines();
    fill(list, lines.length === 0 ? emptyNotice() : [lineList(lines), summary(lines, navigate)]);
    const basket = lines.map(({ card }) => card.id).join(",");
    if (basket === shelfKey) return;
    shelfKey = basket;
    if (!basket) { fill(shelfPlace); return; }
    fill(shelfPlace, recommendedShelf({
      title: "Complete your basket", subtitle: "What baskets like this one also hold", list: "complete_basket", signal,
      load: () => recommend("complete_basket", { basket, user: household(), session: sessionID(), limit: 12 }, signal),
    }));
  }

  onBasketChange(refresh, signal);
  refresh();
}

function emptyNotice() {
  return notice("Nothing here yet", "Search above, or start from what is popular.", h("a", { class: "button", href: "#/" }, "To the front page"), h("a", { class: "button button-quiet", href: "#/for-you" }, "For you"));
}

function lineList(lines) {
  return h("ul", { class: "basket-lines", role: "list" }, lines.map(({ card, quantity }) => {
    const count = quantityInput(quantity, { label: `Quantity of ${card.title}`, onchange: (value) => setQuantity(card.id, value) });
    return h("li", { class: "basket-line", data: { id: card.id } },
      h("a", { class: "basket-picture", href: itemAddress(card.id), tabindex: -1, "aria-hidden": "true" }, productPicture(card)),
      h("div", { class: "basket-text" }, h("a", { class: "basket-title", href: itemAddress(card.id) }, card.title), h("p", { class: "basket-each" }, `${formatMoney(card.price, card.currency)} each`)),
      count.element,
      h("p", { class: "basket-sum" }, formatUnits(moneyUnits(card.price) * quantity, card.currency)),
      h("button", { type: "button", class: "button-round", "aria-label": `Remove ${card.title}`, onclick: () => setQuantity(card.id, 0) }, icon(ICONS.trash, 18)));
  }));
}

const total = (lines) => lines.reduce((sum, { card, quantity }) => sum + moneyUnits(card.price) * quantity, 0);

function summary(lines, navigate) {
  const currency = lines[0].card.currency;
  const saved = lines.reduce((sum, { card, quantity }) => sum + Math.max(0, moneyUnits(card.price_before_sale) - moneyUnits(card.price)) * quantity, 0);
  const pieces = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  return h("aside", { class: "basket-summary", "aria-label": "Summary" },
    h("dl", null,
      h("div", null, h("dt", null, plural(pieces, "piece")), h("dd", null, formatUnits(total(lines) + saved, currency))),
      saved > 0 && h("div", { class: "is-saving" }, h("dt", null, "Sale"), h("dd", null, `−${formatUnits(saved, currency)}`)),
      h("div", { class: "is-total" }, h("dt", null, "Total"), h("dd", null, formatUnits(total(lines), currency)))),
    h("button", {
      type: "button", class: "button button-large", id: "checkout",
      onclick: () => {
        track("begin_checkout", eventLines(lines), { list: DEMO_LIST });
        navigate("#/checkout");
      },
    }, "Check out"),
    h("p", { class: "fine-print" }, "This is a demonstration: nothing is sold and no address is asked."));
}

const eventLines = (lines) => lines.map(({ card, quantity }) => line(card, { quantity }));

export function checkoutView(root, { navigate }) {
  document.title = `Checkout · ${shopSettings().title}`;
  const lines = basketLines();
  if (lines.length === 0) {
    fill(root, h("h1", { class: "page-title", tabindex: -1 }, "Checkout"), emptyNotice());
    return;
  }
  const currency = lines[0].card.currency;
  const shopper = household() ? `household ${household()}` : "an unknown visitor";
  fill(root, h("h1", { class: "page-title", tabindex: -1 }, "Checkout"),
    h("div", { class: "checkout" },
      h("p", { class: "demo-flag" }, "Demonstration"),
      h("p", null, `No payment is made. Placing this order sends a purchase of ${plural(lines.length, "product")} for ${formatUnits(total(lines), currency)} in the name of ${shopper}, marked as a demonstration; the recommendations learn from it.`),
      h("ul", { class: "checkout-lines", role: "list" }, lines.map(({ card, quantity }) => h("li", null, h("span", null, `${quantity} × ${card.title}`), h("span", null, formatUnits(moneyUnits(card.price) * quantity, card.currency))))),
      h("div", { class: "notice-actions" },
        h("button", {
          type: "button", class: "button button-large", id: "place-order",
          onclick: () => {
            track("purchase", eventLines(lines), { list: DEMO_LIST });
            flush();
            sessionStorage.setItem(storageKey("bought"), lines.map(({ card }) => card.id).join(","));
            emptyBasket();
            navigate("#/thanks");
          },
        }, `Place the demo order · ${formatUnits(total(lines), currency)}`),
        h("a", { class: "button button-quiet", href: "#/basket" }, "Back to the basket"))));
}

export function thanksView(root, { signal }) {
  const basket = sessionStorage.getItem(storageKey("bought")) ?? "";
  document.title = `Thank you · ${shopSettings().title}`;
  fill(root, h("div", { class: "thanks" }, icon(ICONS.check, 56), h("h1", { tabindex: -1 }, "Thank you"),
    h("p", null, "The demo order is noted. What you bought now counts for your recommendations."),
    h("div", { class: "notice-actions" }, h("a", { class: "button", href: "#/for-you" }, "See what changed"), h("a", { class: "button button-quiet", href: "#/" }, "Go on shopping"))),
    basket && recommendedShelf({
      title: "Goes with what you bought", subtitle: "Nothing that you had before", list: "after_purchase", signal,
      load: () => recommend("after_purchase", { basket, user: household(), session: sessionID(), limit: 12 }, signal),
    }));
}
