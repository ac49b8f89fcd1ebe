// The search box with suggestions while typing: an ARIA combobox with a list box of three groups.

import { h, icon, ICONS, fill, debounce, announce } from "./dom.js";
import { suggest } from "./api.js";
import { searchAddress, categoryValue } from "./address.js";
import { productPicture } from "./pictures.js";
import { itemAddress } from "./cards.js";
import { formatMoney, formatCount, formatPath, plural } from "./format.js";
import { track, line } from "./events.js";

const DELAY_MS = 110;
const LIMIT = 6;
// Of each group, so that products are in sight without scrolling.
const SHOWN = { queries: 4, categories: 3, items: 4 };

/** Makes the search form work; `navigate` goes to an address. Returns `setQuery` for when the page changes. */
export function attachSearchBox(form, navigate) {
  const input = form.querySelector("input");
  const clear = form.querySelector(".search-clear");
  const list = form.querySelector("[role=listbox]");
  let options = [];
  let active = -1;
  let request = null;
  let typed = "";

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    active = -1;
  }

  function cancel() {
    load.cancel();
    request?.abort();
    request = null;
  }

  function activate(index) {
    options[active]?.element.setAttribute("aria-selected", "false");
    active = index;
    const option = options[active];
    if (!option) {
      input.removeAttribute("aria-activedescendant");
      input.value = typed;
      return;
    }
    option.element.setAttribute("aria-selected", "true");
    option.element.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.element.id);
    if (option.completion) input.value = option.completion;
  }

  function choose(option) {
    cancel();
    close();
    option.chosen?.();
    if (option.completion) input.value = option.completion;
    navigate(option.address);
  }

  function makeOption(content, address, { completion, chosen, kind }) {
    const option = { address, completion, chosen };
    option.element = h("div", {
      role: "option", class: `suggestion suggestion-${kind}`, id: `suggestion-${options.length}`, "aria-selected": "false",
      // The input keeps the focus, so that the list does not close before the click arrives.
      onmousedown: (event) => event.preventDefault(), onclick: () => choose(option),
    }, content);
    options.push(option);
    return option.element;
  }

  function group(title, elements) {
    if (elements.length === 0) return null;
    return h("div", { role: "group", "aria-label": title, class: "suggestion-group" }, h("div", { class: "suggestion-heading", "aria-hidden": "true" }, title), elements);
  }

  function show(answer, text) {
    options = [];
    active = -1;
    const queries = answer.queries.slice(0, SHOWN.queries).map(({ text: query }) => makeOption(
      [icon(ICONS.search, 18), h("span", null, completed(query, text))], searchAddress({ q: query }), { completion: query, kind: "query" }));
    const categories = answer.categories.slice(0, SHOWN.categories).map(({ path, count }) => makeOption(
      [icon(ICONS.folder, 18), h("span", null, formatPath(path)), h("span", { class: "suggestion-count" }, formatCount(count))],
      searchAddress({ category: categoryValue(path) }), { kind: "category" }));
    const items = answer.items.slice(0, SHOWN.items).map((card, index) => makeOption(
      [h("span", { class: "suggestion-picture" }, productPicture(card)),
        h("span", { class: "suggestion-item" }, h("span", { class: "suggestion-title" }, card.title), h("span", { class: "suggestion-detail" }, formatPath(card.product_type.slice(0, 2)))),
        card.price && h("span", { class: "suggestion-price" }, formatMoney(card.price, card.currency))],
      itemAddress(card.id),
      { kind: "item", chosen: () => track("select_item", [line(card, { position: index + 1 })], { list: "suggest", query: text }) }));
    fill(list, h("div", { class: "suggestion-columns" }, group("Searches", queries), group("Categories", categories), group("Products", items)));
    const isEmpty = options.length === 0;
    list.hidden = isEmpty;
    input.setAttribute("aria-expanded", String(!isEmpty));
    announce(isEmpty ? "No suggestions." : `${plural(options.length, "suggestion")}. Use the arrow keys.`);
  }

  const load = debounce(async () => {
    request?.abort();
    const text = input.value.trim();
    if (!text) { close(); return; }
    const mine = request = new AbortController();
    try {
      const answer = await suggest({ q: text, limit: LIMIT }, mine.signal);
      if (request === mine && document.activeElement === input) show(answer, text);
    } catch {
      // Stale or failed: suggestions are a help, the search itself reports errors.
      if (request === mine) close();
    }
  }, DELAY_MS);

  const updateClear = () => { clear.hidden = input.value === ""; };

  input.addEventListener("input", () => { typed = input.value; updateClear(); load(); });
  input.addEventListener("focus", () => { if (input.value.trim() && options.length > 0 && typed === input.value) { list.hidden = false; input.setAttribute("aria-expanded", "true"); } });
  input.addEventListener("blur", () => { cancel(); close(); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); activate(-1); close(); return; }
    if (event.key === "ArrowDown" && list.hidden && input.value.trim()) { event.preventDefault(); load(); return; }
    if (list.hidden || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    event.preventDefault();
    // One place more than there are options: it is the text as typed.
    const places = options.length + 1;
    activate((active + 1 + (event.key === "ArrowDown" ? 1 : -1) + places) % places - 1);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const option = options[active];
    if (!list.hidden && option) { choose(option); return; }
    cancel();
    close();
    navigate(searchAddress({ q: input.value.trim() }));
  });
  clear.addEventListener("click", () => { input.value = typed = ""; updateClear(); close(); input.focus(); });
  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || (target instanceof Element && target.matches("input, textarea, select"))) return;
    event.preventDefault();
    input.focus();
    input.select();
  });

  return {
    setQuery(text) {
      if (document.activeElement === input && !list.hidden) return;
      input.value = typed = text;
      updateClear();
    },
  };
}

/** The query with the part that the shopper did not type set in bold. */
function completed(query, typedText) {
  if (!query.toLowerCase().startsWith(typedText.toLowerCase())) return h("b", null, query);
  return [query.slice(0, typedText.length), h("b", null, query.slice(typedText.length))];
}
