// One shopper: profile, rhythm, and why each recommendation is made.

import { h, fill } from "/js/dom.js";
import { read } from "./client.js";
import { tile, panel, table, count, decimal, path, bar, failure } from "./parts.js";

// Ways to put a list together, as `diversity` of the interface takes them.
const WAYS = [
  ["", "the shop’s own way"], ["off", "relevance alone"], ["mmr:0.3", "variety (mmr:0.3)"], ["dpp:0.3", "variety (dpp:0.3)"], ["calibration:0.3", "the person’s categories (calibration:0.3)"],
  ["freshness:0.5", "new items first (freshness:0.5)"], ["exploration:0.2", "a fifth of unseen items (exploration:0.2)"], ["brands:0.5", "half for small brands (brands:0.5)"],
];

const percent = (share) => Number.isFinite(share) ? `${Math.round(share * 100)} %` : "–";

function daysAgo(days) {
  if (!Number.isFinite(days)) return "–";
  const whole = Math.round(days);
  return whole === 0 ? "today" : whole === 1 ? "1 day ago" : `${count(whole)} days ago`;
}

export async function peoplePage(root, { query, signal, navigate }) {
  const user = query.get("user") ?? "";
  const result = h("div", { id: "person" });
  fill(root, h("h1", { tabindex: -1 }, "People"),
    h("form", { class: "tool-form", onsubmit: (event) => { event.preventDefault(); navigate(`#/people?user=${encodeURIComponent(event.target.elements.user.value.trim())}`); } },
      h("label", null, h("span", null, "User identifier"), h("input", { type: "text", name: "user", value: user, autocomplete: "off", maxlength: 200 })), h("button", { type: "submit", class: "button" }, "Look up")),
    h("p", { class: "panel-note" }, "The shop’s own identifier. It is hashed at the border and never stored."), result);
  if (!user) return;
  const shelf = h("div", { id: "person-shelf" });
  const ask = (without, way) => read(`user?user=${encodeURIComponent(user)}${without.map((id, place) => (place === 0 ? "&without=" : ",") + encodeURIComponent(id)).join("")}${way ? `&diversity=${encodeURIComponent(way)}` : ""}`, signal);
  // Products that count as never bought, by identifier.
  const forgotten = new Map();
  let before = [], way = "";
  async function show() {
    try {
      const answer = await ask([...forgotten.keys()], way);
      fill(shelf, recommendations(answer.recommendations, before, [...forgotten.values()], way));
    } catch (error) {
      if (!signal.aborted) fill(shelf, failure(error));
    }
  }
  function toggle({ id, title }, isForgotten) {
    if (isForgotten) forgotten.set(id, title); else forgotten.delete(id);
    return show();
  }
  const ways = h("form", { class: "tool-form" }, h("label", null, h("span", null, "Recommendations put together by"),
    h("select", { id: "way", onchange: (event) => { way = event.target.value; show(); } }, WAYS.map(([value, title]) => h("option", { value }, title)))));
  try {
    const answer = await ask([], "");
    before = answer.recommendations?.items ?? [];
    fill(shelf, recommendations(answer.recommendations, before, [], ""));
    fill(result, profile(answer.profile ?? answer, toggle), ways, shelf);
  } catch (error) {
    if (!signal.aborted) fill(result, failure(error));
  }
}

function profile(person, toggle) {
  const shares = (title, list) => list?.length > 0 && panel(title, {}, h("ul", { class: "shares" }, list.map((each) => h("li", null, h("span", null, each.title ?? path(each.path)), Number.isFinite(each.share) && [bar(each.share), h("span", { class: "is-number" }, percent(each.share))]))));
  return [
    h("div", { class: "stats" }, tile("Last purchase", daysAgo(person.recency_days)), tile("Baskets", count(person.baskets)), tile("Purchases", count(person.purchases)),
      tile("Spend", person.spend ? `${person.spend} ${person.currency ?? ""}` : "–"), tile("Private brands", percent(person.private_brand_share)), tile("Price level", Number.isFinite(person.price_level) ? person.price_level.toFixed(2) : "–", "1 is usual in their categories")),
    h("div", { class: "columns" }, shares("Favourite categories", person.favourite_categories), shares("This session’s interest", person.session_interest)),
    panel("Rhythm", {}, table([
      ["Product", (row) => row.item?.title ?? "–"], ["Every", (row) => `${decimal(Math.round(row.every_days * 10) / 10)} days`, "number"], ["Last", (row) => `${count(Math.round(row.last_days_ago))} days ago`, "number"],
      ["Times", (row) => count(row.times), "number"], ["", (row) => row.due ? h("span", { class: "tag tag-due" }, "due") : ""],
      ["What if never bought", (row) => row.item ? h("input", { type: "checkbox", class: "what-if", "aria-label": `As if ${row.item.title} had never been bought`, onchange: (event) => toggle(row.item, event.target.checked) }) : ""],
    ], person.rhythm ?? [], "Nothing is bought regularly.")),
  ];
}

// What became of a place, beside the list in which nothing is forgotten.
function moved(row, place, before) {
  const earlier = before.findIndex((each) => each.id === row.id);
  if (earlier < 0) return h("span", { class: "tag tag-due" }, "new");
  return earlier === place ? "–" : earlier > place ? `up ${earlier - place}` : `down ${place - earlier}`;
}

function recommendations(answer, before, forgotten, way) {
  const items = answer?.items ?? [];
  const gone = before.filter((row) => !items.some((each) => each.id === row.id));
  const note = forgotten.length > 0 && h("p", { class: "panel-note", id: "what-if" }, `As if never bought: ${forgotten.join(", ")}. ${gone.length === 0 ? "Nothing leaves the list." : `No longer listed: ${gone.map((row) => row.title).join(", ")}.`}`);
  return panel("Recommended on the front page", {}, note, table([
    ["Product", (row) => row.title],
    ...(forgotten.length > 0 || way ? [["Moved", (row) => moved(row, items.indexOf(row), before)]] : []), ["Reason", (row) => row.reason ?? "–"],
    ["Models", (row) => h("span", { class: "tags" }, (row.contributions ?? []).map(({ model, value }) => h("span", { class: "tag" }, `${model.replaceAll("_", " ")} ${decimal(Math.round(value * 1000) / 1000)}`)))],
    ["Score", (row) => decimal(row.score), "number"],
  ], items, "Nothing can be recommended."));
}
