// One shopper: profile, rhythm, purchases, and why each recommendation is made, now and had something never been bought.

import { h, fill } from "/js/dom.js";
import { demo, read } from "./client.js";
import { tile, panel, table, count, decimal, path, bar, failure } from "./parts.js";
import { purchases } from "./person-purchases.js";
import { shelfTable } from "./person-shelf.js";

// Shelves that need nothing but the person, as scenarios of the interface.
const SHELVES = [
  ["home", "Front page"], ["buy_again", "Buy again"], ["new_for_you", "New for you"], ["after_purchase", "After the last purchase"],
  ["new_arrivals", "New arrivals"], ["near_you", "Near you"],
];

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

export async function peoplePage(root, { query, signal, navigate, person }) {
  const user = query.get("user") ?? "";
  const result = h("div", { id: "person" });
  fill(root, h("h1", { tabindex: -1 }, "People"),
    h("form", { class: "tool-form", onsubmit: (event) => { event.preventDefault(); navigate(`#/people?user=${encodeURIComponent(event.target.elements.user.value.trim())}`); } },
      h("label", null, h("span", null, "User identifier"), h("input", { type: "text", name: "user", value: user, autocomplete: "off", maxlength: 200 })), h("button", { type: "submit", class: "button" }, "Look up")),
    h("p", { class: "panel-note" }, "The shop’s own identifier. It is hashed at the border and never stored."), result);
  if (!user) return showExamples(result, person, signal);
  try {
    const answer = await ask(user, { scenario: "home", way: "" }, [], signal);
    const shelf = explainedShelf(user, answer.recommendations, signal);
    fill(result, profile(answer.profile ?? answer, shelf.forget), purchases(user, shelf, signal), shelf.element);
  } catch (error) {
    if (!signal.aborted) fill(result, failure(error));
  }
}

/** Some households of a demonstration, whose identifiers are no secret; a shop of one's own names nobody. */
async function showExamples(result, person, signal) {
  const config = await demo(person.shop, signal).catch(() => null);
  const households = config?.households ?? [];
  if (signal.aborted || households.length === 0) return;
  const step = Math.max(1, Math.floor(households.length / 6));
  const some = households.filter((_, place) => place % step === 0).slice(0, 6);
  fill(result, h("p", { class: "panel-note" }, "Households of the demonstration: ",
    some.map((each) => [h("a", { class: "example", href: `#/people?user=${encodeURIComponent(each)}` }, each), " "])));
}

/** A shelf of a person as if some things had never been bought: products by identifier, single purchases by `purchase`. */
function ask(user, { scenario, way }, forgotten, signal) {
  const wanted = new URLSearchParams({ user, scenario });
  const list = (name, kind) => {
    const keys = forgotten.filter((each) => each.kind === kind).map((each) => each.key);
    if (keys.length > 0) wanted.set(name, keys.join(","));
  };
  list("without", "item");
  list("without_purchases", "purchase");
  if (way) wanted.set("diversity", way);
  return read(`user?${wanted}`, signal);
}

/** The shelf with its choices, and what to call when something counts as never bought. */
function explainedShelf(user, first, signal) {
  const forgotten = new Map();
  const chosen = { scenario: "home", way: "" };
  const list = h("div", { id: "person-shelf-list" });
  const chips = h("div", { id: "what-if" });
  // Of the shelf that is chosen, in the shop's own way, with nothing forgotten.
  let before = first?.items ?? [];

  async function show({ isOtherShelf = false } = {}) {
    try {
      if (isOtherShelf) before = (await ask(user, { ...chosen, way: "" }, [], signal)).recommendations?.items ?? [];
      const isUsual = forgotten.size === 0 && !chosen.way;
      const items = isUsual ? before : (await ask(user, chosen, [...forgotten.values()], signal)).recommendations?.items ?? [];
      fill(chips, whatIf([...forgotten.values()], items, before, (key) => forget({ key }, false)));
      fill(list, shelfTable(items, isUsual ? null : before));
    } catch (error) {
      if (!signal.aborted) fill(list, failure(error));
    }
  }
  function forget(thing, isForgotten) {
    if (isForgotten) forgotten.set(thing.key, thing); else forgotten.delete(thing.key);
    for (const box of document.querySelectorAll(".what-if")) if (box.value === thing.key) box.checked = isForgotten;
    return show();
  }
  const choice = (id, title, options, change) => h("label", null, h("span", null, title),
    h("select", { id, onchange: (event) => change(event.target.value) }, options.map(([value, name]) => h("option", { value }, name))));
  fill(list, shelfTable(before, null));
  const element = h("div", { id: "person-shelf" }, panel("Recommended", {},
    h("form", { class: "tool-form", onsubmit: (event) => event.preventDefault() },
      choice("shelf", "Shelf", SHELVES, (value) => { chosen.scenario = value; show({ isOtherShelf: true }); }),
      choice("way", "Put together by", WAYS, (value) => { chosen.way = value; show(); })),
    chips, list));
  return { element, forget, isForgotten: (key) => forgotten.has(key) };
}

/** What counts as never bought, each with a way back, and what leaves the shelf for it. */
function whatIf(forgotten, items, before, restore) {
  if (forgotten.length === 0) return [];
  const gone = before.filter((row) => !items.some((each) => each.id === row.id));
  return [
    h("p", { class: "panel-note" }, "As if never bought:"),
    h("div", { class: "tags chips" }, forgotten.map(({ key, title }) => h("button", { type: "button", class: "chip-button", "aria-label": `Count ${title} again`, onclick: () => restore(key) }, title, h("span", { "aria-hidden": "true" }, " ×")))),
    h("p", { class: "panel-note" }, gone.length === 0 ? "Nothing leaves the list." : `No longer listed: ${gone.map((row) => row.title).join(", ")}.`),
  ];
}

function profile(person, forget) {
  const shares = (title, list) => list?.length > 0 && panel(title, {}, h("ul", { class: "shares" }, list.map((each) => h("li", null, h("span", null, each.title ?? path(each.path)), Number.isFinite(each.share) && [bar(each.share), h("span", { class: "is-number" }, percent(each.share))]))));
  return [
    h("div", { class: "stats" }, tile("Last purchase", daysAgo(person.recency_days)), tile("Baskets", count(person.baskets)), tile("Purchases", count(person.purchases)),
      tile("Spend", person.spend ? `${person.spend} ${person.currency ?? ""}` : "–"), tile("Private brands", percent(person.private_brand_share)), tile("Price level", Number.isFinite(person.price_level) ? person.price_level.toFixed(2) : "–", "1 is usual in their categories")),
    h("div", { class: "columns" }, shares("Favourite categories", person.favourite_categories), shares("This session’s interest", person.session_interest)),
    panel("Rhythm", {}, table([
      ["Product", (row) => row.item?.title ?? "–"], ["Every", (row) => `${decimal(Math.round(row.every_days * 10) / 10)} days`, "number"], ["Last", (row) => `${count(Math.round(row.last_days_ago))} days ago`, "number"],
      ["Times", (row) => count(row.times), "number"], ["", (row) => row.due ? h("span", { class: "tag tag-due" }, "due") : ""],
      ["What if never bought", (row) => row.item ? h("input", { type: "checkbox", class: "what-if", value: row.item.id, "aria-label": `As if ${row.item.title} had never been bought`, onchange: (event) => forget({ kind: "item", key: row.item.id, title: row.item.title }, event.target.checked) }) : ""],
    ], person.rhythm ?? [], "Nothing is bought regularly.")),
  ];
}
