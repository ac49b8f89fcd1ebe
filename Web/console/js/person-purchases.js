// What a person bought, newest first: search, page on, and take single purchases out of the shelves below.

import { h, fill, debounce } from "/js/dom.js";
import { read } from "./client.js";
import { panel, table, count, failure } from "./parts.js";

const PER_PAGE = 10;
const dates = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" });

/** `shelf.forget` hears a purchase ({kind, key, title}) and whether it counts as never made. */
export function purchases(user, shelf, signal) {
  const list = h("div", { id: "purchase-list", "aria-live": "polite" });
  let words = "", offset = 0;
  async function show() {
    try {
      const wanted = new URLSearchParams({ user, offset, limit: PER_PAGE, ...(words && { q: words }) });
      const answer = await read(`user/purchases?${wanted}`, signal);
      fill(list, purchaseTable(answer.purchases, words, shelf), pages(answer.total));
    } catch (error) {
      if (!signal.aborted) fill(list, failure(error));
    }
  }
  function pages(total) {
    const last = Math.min(offset + PER_PAGE, total);
    const move = (step, name, isPossible) => h("button", { type: "button", class: "button button-quiet", disabled: !isPossible, onclick: () => { offset += step; show(); } }, name);
    return total > 0 && h("div", { class: "table-foot" }, h("span", null, `${count(offset + 1)}–${count(last)} of ${count(total)}`),
      move(-PER_PAGE, "Newer", offset > 0), move(PER_PAGE, "Older", last < total));
  }
  const search = debounce((text) => { words = text.trim(); offset = 0; show(); }, 200);
  show();
  return panel("Purchases", {},
    h("form", { class: "tool-form", onsubmit: (event) => event.preventDefault() },
      h("label", null, h("span", null, "Find a purchase"), h("input", { type: "text", inputmode: "search", name: "purchase", placeholder: "Words of the title", autocomplete: "off", maxlength: 200, oninput: (event) => search(event.target.value) }))),
    list);
}

function purchaseTable(rows, words, shelf) {
  const box = (row) => {
    const thing = { kind: "purchase", key: row.purchase, title: `${row.title} (${dates.format(new Date(row.time))})` };
    return h("input", {
      type: "checkbox", class: "what-if", value: row.purchase, checked: shelf.isForgotten(row.purchase), "aria-label": `As if ${thing.title} had never been bought`,
      onchange: (event) => shelf.forget(thing, event.target.checked),
    });
  };
  return table([
    ["Product", (row) => row.title], ["Bought", (row) => dates.format(new Date(row.time)), "number"], ["Pieces", (row) => count(row.quantity), "number"], ["What if not", box],
  ], rows, words ? "No purchase has these words in its title." : "Nothing was bought.");
}
