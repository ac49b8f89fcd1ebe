// Filters beside the results: categories as a tree, brand, type of brand, size, price range, stock; and chips for what is active.

import { h, icon, ICONS } from "../dom.js";
import { FILTER_FIELDS, searchAddress, toggledAddress, categoryLabel } from "../address.js";
import { formatCount, formatMoney } from "../format.js";

const TITLES = { category: "Category", brand: "Brand", brand_class: "Brand type", size: "Package size" };
const SHOWN_VALUES = 8;

/** The panel; on phones it slides in from the side. */
export function facetPanel({ answer, query, navigate }) {
  const facets = answer.facets ?? {};
  return h("div", { class: "facets offcanvas-lg offcanvas-start", id: "facets", tabindex: -1, "aria-labelledby": "facets-title" },
    h("div", { class: "facets-head" }, h("h2", { id: "facets-title" }, "Filter"),
      h("button", { type: "button", class: "button-round", "data-bs-dismiss": "offcanvas", "data-bs-target": "#facets", "aria-label": "Close the filters" }, icon(ICONS.close))),
    h("div", { class: "facets-body" },
      stockSwitch(query, navigate),
      FILTER_FIELDS.map((field) => field === "category" ? categoryFacet(facets.category, query, navigate) : valueFacet(field, facets[field], query, navigate)),
      priceFacet(facets.price, answer, query, navigate)));
}

function facetBox(title, ...children) {
  return h("fieldset", { class: "facet" }, h("legend", null, title), children);
}

function stockSwitch(query, navigate) {
  return h("label", { class: "switch" },
    h("input", { type: "checkbox", role: "switch", checked: query.get("stock") === "1", onchange: (event) => navigate(searchAddress({ stock: event.target.checked ? "1" : null }, query), { keepFocus: true }) }),
    h("span", null, "In stock only"));
}

function choice(field, { value, count, selected }, query, navigate, { label = value, depth = 0 } = {}) {
  const isChosen = selected || query.getAll(field).includes(value);
  const box = h("input", {
    type: "checkbox", id: `facet-${field}-${value}`, checked: isChosen, data: { facet: field, value },
    onchange: () => navigate(toggledAddress(field, value, query), { keepFocus: true }),
  });
  const row = h("li", { class: isChosen ? "choice is-chosen" : "choice" },
    h("label", null, box, h("span", { class: "choice-label" }, label), h("span", { class: "choice-count" }, formatCount(count))));
  row.style.setProperty("--depth", String(depth));
  return row;
}

function foldingList(rows, name) {
  const list = h("ul", { class: "choices", role: "list" }, rows);
  const hidden = rows.slice(SHOWN_VALUES).filter((row) => !row.classList.contains("is-chosen"));
  if (hidden.length < 2) return list;
  hidden.forEach((row) => { row.hidden = true; });
  const more = h("button", {
    type: "button", class: "link-button", "aria-expanded": "false",
    onclick: () => {
      const isOpen = more.getAttribute("aria-expanded") === "true";
      more.setAttribute("aria-expanded", String(!isOpen));
      more.textContent = isOpen ? `${hidden.length} more` : "Fewer";
      hidden.forEach((row) => { row.hidden = isOpen; });
    },
  }, `${hidden.length} more`);
  more.setAttribute("aria-label", `${hidden.length} more values of ${name}`);
  return [list, more];
}

function valueFacet(field, values, query, navigate) {
  const known = withChosen(values, query.getAll(field));
  if (known.length === 0) return null;
  return facetBox(TITLES[field], foldingList(known.map((value) => choice(field, value, query, navigate)), TITLES[field]));
}

/** Chosen values stay visible even when the server no longer counts them. */
function withChosen(values = [], chosen) {
  const missing = chosen.filter((each) => !values.some(({ value }) => value === each));
  return [...missing.map((value) => ({ value, count: 0, selected: true })), ...values];
}

/** Values such as `Grocery > Frozen` form a tree; a branch is open while it, or something in it, is chosen. */
function categoryFacet(values, query, navigate) {
  const chosen = query.getAll("category");
  const known = withChosen(values, chosen);
  if (known.length === 0) return null;
  const byValue = new Map(known.map((each) => [each.value, each]));
  const parentOf = (value) => value.includes(" > ") ? value.slice(0, value.lastIndexOf(" > ")) : null;
  const children = new Map();
  for (const each of known) {
    let parent = parentOf(each.value);
    while (parent && !byValue.has(parent)) parent = parentOf(parent);
    children.set(parent, [...(children.get(parent) ?? []), each]);
  }
  const tops = children.get(null) ?? [];
  const isOpen = (value) => tops.length === 1 || chosen.some((each) => each === value || each.startsWith(`${value} > `));
  const rows = [];
  const add = (list, depth) => {
    for (const each of list) {
      rows.push(choice("category", each, query, navigate, { label: categoryLabel(each.value), depth }));
      const below = children.get(each.value);
      if (below && isOpen(each.value)) add(below, depth + 1);
    }
  };
  add(tops, 0);
  return facetBox(TITLES.category, foldingList(rows, TITLES.category));
}

function priceFacet(range, answer, query, navigate) {
  if (!range && !query.has("min") && !query.has("max")) return null;
  const field = (name, label, hint) => h("label", { class: "price-field" }, h("span", null, label),
    h("input", { name, type: "text", inputmode: "decimal", pattern: "[0-9]{1,7}([.,][0-9]{1,2})?", title: "A price such as 2.50", placeholder: hint ?? "", value: query.get(name) ?? "" }));
  return facetBox("Price",
    h("form", {
      class: "price-form", data: { facet: "price" },
      onsubmit: (event) => {
        event.preventDefault();
        const values = new FormData(event.target);
        const clean = (name) => String(values.get(name)).trim().replace(",", ".") || null;
        navigate(searchAddress({ min: clean("min"), max: clean("max") }, query));
      },
    }, field("min", "From", range?.min), field("max", "To", range?.max), h("button", { type: "submit", class: "button button-quiet button-small" }, "Apply")));
}

/** One chip for each active filter; pressing it takes the filter away. */
export function activeFilters({ answer, query }) {
  const currency = answer.items[0]?.currency;
  const price = (text) => currency ? formatMoney(text, currency) : text;
  const chips = FILTER_FIELDS.flatMap((field) => query.getAll(field).map((value) => ({
    label: field === "category" ? categoryLabel(value) : value, about: TITLES[field], address: toggledAddress(field, value, query),
  })));
  if (query.has("min")) chips.push({ label: `From ${price(query.get("min"))}`, about: "Price", address: searchAddress({ min: null }, query) });
  if (query.has("max")) chips.push({ label: `Up to ${price(query.get("max"))}`, about: "Price", address: searchAddress({ max: null }, query) });
  if (query.get("stock") === "1") chips.push({ label: "In stock", about: "Stock", address: searchAddress({ stock: null }, query) });
  if (chips.length === 0) return null;
  return h("ul", { class: "chips", role: "list", "aria-label": "Active filters" },
    chips.map(({ label, about, address }) => h("li", null, h("a", { class: "chip", href: address, "aria-label": `Remove the filter ${about}: ${label}` }, label, icon(ICONS.close, 14)))),
    chips.length > 1 && h("li", null, h("a", { class: "chip chip-clear", href: searchAddress({ q: query.get("q"), sort: query.get("sort") }) }, "Clear all")));
}
