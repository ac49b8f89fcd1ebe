// A person's shelf as a table: each place with its reason and a bar of what its score is made of.

import { h } from "/js/dom.js";
import { PART_NAMES, contributionName, contributionsOf } from "/js/contributions.js";
import { table, decimal } from "./parts.js";

const inPercent = (value) => `${value < 0 ? "−" : ""}${(Math.abs(value) * 100).toFixed(1)} %`;
const colour = ({ part }) => `part-${Math.max(0, PART_NAMES.indexOf(part) + 1)}`;

/** What became of a place, beside the list before. */
function moved(row, place, before) {
  const earlier = before.findIndex((each) => each.id === row.id);
  if (earlier < 0) return h("span", { class: "tag tag-due" }, "new");
  return earlier === place ? "–" : earlier > place ? `up ${earlier - place}` : `down ${place - earlier}`;
}

/** `before`: the list to compare with, or null. */
export function shelfTable(items, before) {
  const scale = scaleOf(items);
  const parts = PART_NAMES.map((part) => ({ part })).filter(({ part }) => items.some((row) => contributionsOf(row).some((each) => each.part === part)));
  return [
    parts.length > 0 && h("ul", { class: "part-legend", "aria-label": "Parts of a score" }, parts.map((each) => h("li", null, h("span", { class: `part-key ${colour(each)}`, "aria-hidden": "true" }), contributionName(each)))),
    table([
      ["Product", (row) => [h("span", { class: "shelf-product" }, row.title), h("span", { class: "shelf-reason" }, row.reason ?? "")]],
      ...(before ? [["Moved", (row) => moved(row, items.indexOf(row), before)]] : []),
      ["What its score is made of", (row) => made(row, scale)],
      ["Score", (row) => isChance(row) ? inPercent(row.score) : decimal(Math.round(row.score * 10000) / 10000), "number"],
    ], items, "Nothing can be recommended."),
  ];
}

/** Whether parts are chances that add up to the score. */
const isChance = (row) => contributionsOf(row).some(({ part }) => part === "candidates");
const sum = (values) => values.reduce((total, value) => total + value, 0);

/** By kind of score, how far bars reach to either side of zero: scores of different models are not comparable. */
function scaleOf(items) {
  const scale = new Map();
  for (const row of items) {
    const values = contributionsOf(row).map(({ value }) => value);
    const key = contributionsOf(row)[0]?.model;
    const { less, more } = scale.get(key) ?? { less: 0, more: 0 };
    scale.set(key, { less: Math.max(less, -sum(values.filter((value) => value < 0))), more: Math.max(more, sum(values.filter((value) => value > 0))) });
  }
  return scale;
}

/** A bar from zero to both sides, and the numbers behind it. */
function made(row, scale) {
  const parts = contributionsOf(row);
  if (parts.length === 0) return "–";
  const { less, more } = scale.get(parts[0].model);
  const whole = less + more || 1;
  const segment = (each) => {
    const span = h("span", { class: `part ${colour(each)}${each.value < 0 ? " is-less" : ""}`, title: `${contributionName(each)} ${isChance(row) ? inPercent(each.value) : decimal(each.value)}` });
    span.style.width = `${Math.abs(each.value) / whole * 100}%`;
    return span;
  };
  const gap = h("span", { class: "part-gap" });
  gap.style.width = `${(less + sum(parts.filter(({ value }) => value < 0).map(({ value }) => value))) / whole * 100}%`;
  return h("details", { class: "made" },
    h("summary", { "aria-label": `What the score of ${row.title} is made of` }, h("span", { class: "made-bar", "aria-hidden": "true" }, gap, parts.filter(({ value }) => value < 0).map(segment), parts.filter(({ value }) => value >= 0).map(segment))),
    h("dl", { class: "made-list" }, parts.map((each) => h("div", null, h("dt", null, h("span", { class: `part-key ${colour(each)}`, "aria-hidden": "true" }), contributionName(each)), h("dd", null, isChance(row) ? inPercent(each.value) : decimal(Math.round(each.value * 10000) / 10000))))));
}
