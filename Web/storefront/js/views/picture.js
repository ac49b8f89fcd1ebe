// Search by picture: the button beside the search box, and what looks like the picture that was chosen.

import { h, fill, icon, ICONS, announce } from "../dom.js";
import { searchPicture, shopSettings } from "../api.js";
import { productCard, skeletons, trackImpression, notice } from "../cards.js";
import { formatCount, plural } from "../format.js";
import { FILTER_FIELDS } from "../address.js";
import { facetPanel } from "./facets.js";

const LIMIT = 48;
const SIDE = 512;
const MAXIMUM_BYTES = 1 << 20;

// The picture that was chosen last; it lives as long as the page and goes to the shop alone.
let chosen = null;

/** Shows the button in shops that are searched by picture. */
export function attachPictureSearch(form, navigate) {
  const button = form.querySelector(".search-picture");
  const input = form.querySelector("input[type=file]");
  const isThere = shopSettings().searches_pictures === true;
  button.hidden = !isThere;
  form.classList.toggle("has-pictures", isThere);
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    const [file] = input.files;
    // The same file may be chosen again.
    input.value = "";
    if (!file) return;
    chosen = file;
    navigate("#/picture");
  });
}

/** The server's parameters for the address's. */
function requestParameters(query) {
  return {
    limit: LIMIT, facets: FILTER_FIELDS.join(","),
    filter: FILTER_FIELDS.flatMap((field) => query.getAll(field).map((value) => `${field}:${value}`)),
    min_price: query.get("min"), max_price: query.get("max"), in_stock: query.get("stock") === "1" ? "true" : null,
  };
}

export async function pictureView(root, { query, signal, navigate }) {
  document.title = `Search by picture · ${shopSettings().title}`;
  const picture = chosen;
  if (!picture || shopSettings().searches_pictures !== true) {
    fill(root, notice("No picture is chosen", "Choose one with the camera beside the search box.", h("a", { class: "button", href: "#/" }, "To the front page")));
    return;
  }
  const grid = h("ul", { class: "product-grid", role: "list" }, skeletons(12));
  const count = h("p", { class: "results-count" });
  const head = h("div", { class: "picture-head" }, h("div", null, h("h1", { class: "results-title", tabindex: -1 }, "Looks like your picture"), count));
  const main = h("div", { class: "results-main" }, head, grid);
  const parameters = requestParameters(query);
  fill(root, h("div", { class: "results", "aria-busy": "true" }, main));
  let answer;
  try {
    head.prepend(h("img", { class: "asked-picture", src: await dataAddress(picture), alt: "Your picture" }));
    answer = await ask(picture, parameters, signal);
  } catch (error) {
    if (signal.aborted) return;
    fill(root, notice("The picture could not be used", error.message, h("a", { class: "button", href: "#/" }, "To the front page")));
    return;
  }
  if (signal.aborted) return;
  // The panel writes addresses of a search; here the picture stays what is asked for.
  const stay = (address, options) => navigate(address.replace("#/search", "#/picture"), options);
  head.append(h("button", { type: "button", class: "button button-quiet facets-open", "data-bs-toggle": "offcanvas", "data-bs-target": "#facets", "aria-controls": "facets" }, icon(ICONS.filter), "Filter"));
  fill(root, h("div", { class: "results has-facets" }, facetPanel({ answer, query, navigate: stay }), main));
  const about = { list: "picture", impression_id: answer.impression_id };
  fill(grid, answer.items.map((card, index) => h("li", null, productCard(card, { ...about, position: index + 1 }))));
  fill(count, h("strong", null, formatCount(answer.items.length)), answer.items.length === 1 ? " product" : " products", ", the likest first");
  announce(`${plural(answer.items.length, "product")} look like your picture.`);
  trackImpression(answer.items, about);
}

/** A small PNG goes as it is, unless the server does not read its kind; everything else is drawn anew. */
async function ask(picture, parameters, signal) {
  if (picture.type === "image/png" && picture.size <= MAXIMUM_BYTES) {
    try {
      return await searchPicture(picture, parameters, signal);
    } catch (error) {
      if (error.status !== 415 && error.status !== 413) throw error;
    }
  }
  return searchPicture(await drawn(picture), parameters, signal);
}

/** The picture as a PNG of at most SIDE pixels a side, and smaller where that has too many bytes. */
async function drawn(picture) {
  const image = new Image();
  image.src = await dataAddress(picture);
  try {
    await image.decode();
  } catch {
    throw new Error("This file is no picture that the browser can read.");
  }
  for (const side of [SIDE, SIDE / 2, SIDE / 4]) {
    const scale = Math.min(1, side / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const png = await new Promise((done) => canvas.toBlob(done, "image/png"));
    if (png && png.size <= MAXIMUM_BYTES) return png;
  }
  throw new Error("The picture could not be made small enough.");
}

/** The pages' policy lets pictures come from this server and from such addresses alone. */
function dataAddress(blob) {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.onerror = () => fail(new Error("The file could not be read."));
    reader.readAsDataURL(blob);
  });
}
