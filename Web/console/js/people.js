// One shopper: profile, rhythm, and why each recommendation is made.

import { h, fill } from "/js/dom.js";
import { read } from "./client.js";
import { tile, panel, table, count, decimal, path, bar, failure } from "./parts.js";

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
  try {
    const answer = await read(`user?user=${encodeURIComponent(user)}`, signal);
    fill(result, profile(answer.profile ?? answer), recommendations(answer.recommendations ?? answer.home));
  } catch (error) {
    if (!signal.aborted) fill(result, failure(error));
  }
}

function profile(person) {
  const shares = (title, list) => list?.length > 0 && panel(title, {}, h("ul", { class: "shares" }, list.map((each) => h("li", null, h("span", null, each.title ?? path(each.path)), Number.isFinite(each.share) && [bar(each.share), h("span", { class: "is-number" }, percent(each.share))]))));
  return [
    h("div", { class: "stats" }, tile("Last purchase", daysAgo(person.recency_days)), tile("Baskets", count(person.baskets)), tile("Purchases", count(person.purchases)),
      tile("Spend", person.spend ? `${person.spend} ${person.currency ?? ""}` : "–"), tile("Private brands", percent(person.private_brand_share)), tile("Price level", Number.isFinite(person.price_level) ? person.price_level.toFixed(2) : "–", "1 is usual in their categories")),
    h("div", { class: "columns" }, shares("Favourite categories", person.favourite_categories), shares("This session’s interest", person.session_interest)),
    panel("Rhythm", {}, table([
      ["Product", (row) => row.item?.title ?? "–"], ["Every", (row) => `${decimal(Math.round(row.every_days * 10) / 10)} days`, "number"], ["Last", (row) => `${count(Math.round(row.last_days_ago))} days ago`, "number"],
      ["Times", (row) => count(row.times), "number"], ["", (row) => row.due ? h("span", { class: "tag tag-due" }, "due") : ""],
    ], person.rhythm ?? [], "Nothing is bought regularly.")),
  ];
}

function recommendations(answer) {
  const items = answer?.items ?? answer ?? [];
  return panel("Recommended on the front page", {}, table([
    ["Product", (row) => row.title], ["Reason", (row) => row.reason ?? "–"],
    ["Models", (row) => h("span", { class: "tags" }, (row.contributions ?? []).map(({ model, value }) => h("span", { class: "tag" }, `${model.replaceAll("_", " ")} ${decimal(Math.round(value * 1000) / 1000)}`)))],
    ["Score", (row) => decimal(row.score), "number"],
  ], items, "Nothing can be recommended."));
}
