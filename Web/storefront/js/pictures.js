// What a product looks like: its picture where this shop has one, else a drawn tile.

import { h } from "./dom.js";
import { productTile } from "./glyphs.js";

/** Whether the product has a picture of its own; the pages load none from other machines. */
export function hasPicture(card) {
  if (!card.image_link) return false;
  return new URL(card.image_link, location.href).origin === location.origin;
}

/** The title says what it is, so that the picture has no text of its own. */
export function productPicture(card) {
  if (!hasPicture(card)) return productTile(card);
  return h("img", { class: "tile photograph", src: card.image_link, alt: "", loading: "lazy", decoding: "async" });
}
