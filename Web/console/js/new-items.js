// How items that came lately were received, and what they may cost.

import { h, fill } from "/js/dom.js";
import { read } from "./client.js";
import { panel, table, tile, count, path, failure } from "./parts.js";

const percent = (share) => `${(share * 100).toFixed(1)} %`;

export async function newItemsPage(root, { signal }) {
  const place = h("div");
  fill(root, h("h1", { tabindex: -1 }, "New items"), place);
  try {
    const answer = await read("new-items", signal);
    const { exploration } = answer;
    fill(place,
      h("div", { class: "stats" },
        tile("New items", count(answer.items.length), "of the last 30 days"),
        tile("Chosen when shown", percent(answer.rate), `all items; a prior counts for ${count(Math.round(answer.prior_impressions))} impressions`),
        tile("Places for new items", exploration.share > 0 ? `${percent(exploration.places > 0 ? exploration.explored / exploration.places : 0)} of ${percent(exploration.share)}` : "off",
          exploration.share > 0 ? `${count(exploration.explored)} of ${count(exploration.places)} places seen in seven days` : "set `exploration` in config.json")),
      panel("How they were received", { isSynthetic: answer.synthetic }, table([
        ["Product", (row) => [h("strong", null, row.title), h("br"), h("span", { class: "stat-note" }, path(row.product_type))]],
        ["Days", (row) => row.days.length > 0 ? sparkline(row.days) : "–"],
        ["Seen", (row) => count(row.impressions), "number"], ["Chosen", (row) => count(row.clicks), "number"], ["Bought", (row) => count(row.purchases), "number"],
        ["Chosen when shown", (row) => [percent(row.rate), h("br"), h("span", { class: "stat-note" }, `${percent(row.interval[0])} to ${percent(row.interval[1])}`)], "number"],
        ["Level found", (row) => row.level_days === null ? "not yet" : `after ${count(row.level_days)} days`, "number"],
      ], answer.items, "Nothing came in the last 30 days.")));
  } catch (error) {
    if (!signal.aborted) fill(place, failure(error));
  }
}

/** One bar a day: what was seen, or bought where nothing was. */
function sparkline(days) {
  const values = days.slice(-14).map((day) => day.impressions || day.purchases);
  const most = Math.max(...values, 1);
  return h("span", { class: "spark", role: "img", "aria-label": `${days.length} days, ${values.at(-1)} on the last` }, values.map((value) => {
    const inner = h("span");
    inner.style.height = `${Math.max(6, value / most * 100)}%`;
    return inner;
  }));
}
