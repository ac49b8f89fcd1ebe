// Two ways to search side by side: judged and click-based measures over a set of queries.

import { h, fill } from "/js/dom.js";
import { compareSearches } from "./client.js";
import { panel, table, count, decimal, failure } from "./parts.js";

const RULES = [["published", "rules in force"], ["none", "no rules"]];
const JOINS = [["", "as the shop does"], ["words", "words alone"], ["additive", "score plus cosine"], ["rrf", "by reciprocal ranks"], ["convex", "shares of the best"], ["learned", "learned weights"]];
const MEASURES = { "ndcg@10": "Judged: NDCG@10", "clicks@10": "Clicked: share of clicks, by rank", found: "Queries that find something" };

function side(name, rules) {
  return h("fieldset", { class: "compare-side" }, h("legend", null, name.toUpperCase()),
    h("label", null, h("span", null, "Rules"), h("select", { name: `${name}-rules` }, RULES.map(([value, label]) => h("option", { value, selected: value === rules }, label)))),
    h("label", null, h("span", null, "Words and meaning"), h("select", { name: `${name}-join` }, JOINS.map(([value, label]) => h("option", { value }, label)))),
    h("label", null, h("span", null, "Language"), h("input", { name: `${name}-lang`, type: "text", size: 4, maxlength: 8, placeholder: "any" })),
    h("label", { class: "check" }, h("input", { name: `${name}-exact`, type: "checkbox" }), " words exactly as typed"));
}

const joining = (join) => (join === "words" ? { meaning: false } : join ? { fusion: join } : {});

const configuration = (form, name) => ({
  rules: form.elements[`${name}-rules`].value, exact: form.elements[`${name}-exact`].checked, ...joining(form.elements[`${name}-join`].value),
  ...(form.elements[`${name}-lang`].value.trim() && { lang: form.elements[`${name}-lang`].value.trim() }),
});

export function comparePage(root, { person }) {
  const result = h("div", { id: "comparison", "aria-live": "polite" });
  async function run(event) {
    event.preventDefault();
    const form = event.target;
    const queries = form.elements.queries.value.split("\n").map((text) => text.trim()).filter(Boolean).slice(0, 500);
    fill(result, h("p", { class: "table-empty" }, "Searching…"));
    try {
      fill(result, answerPanels(await compareSearches(person.shop, { a: configuration(form, "a"), b: configuration(form, "b"), synthetic: form.elements.synthetic.checked, queries })));
    } catch (error) {
      fill(result, failure(error));
    }
  }
  fill(root, h("h1", { tabindex: -1 }, "Compare searches"),
    h("form", { class: "tool-form compare-form", onsubmit: run }, side("a", "none"), side("b", "published"),
      h("label", null, h("span", null, "Queries, one a line; empty: those that are judged, and the most frequent"), h("textarea", { name: "queries", rows: 4 })),
      h("label", { class: "check" }, h("input", { name: "synthetic", type: "checkbox", checked: true }), " count clicks of simulated visitors"),
      h("button", { type: "submit", class: "button" }, "Compare")), result);
}

function answerPanels(answer) {
  const value = (number) => number === null || number === undefined ? "–" : decimal(number);
  return [
    panel("Measures", { isSynthetic: answer.synthetic }, table([
      ["Measure", (row) => MEASURES[row.name] ?? row.name], ["Queries", (row) => count(row.queries), "number"], ["A", (row) => decimal(row.a), "number"], ["B", (row) => decimal(row.b), "number"],
      ["B − A", (row) => `${decimal(row.difference)} (${decimal(row.lowest)} to ${decimal(row.highest)})`, "number"], ["p", (row) => row.p_value < 0.001 ? "< 0.001" : row.p_value.toFixed(3), "number"],
    ], answer.measures, "There is nothing to measure: no queries."),
      h("p", { class: "panel-note" }, "Intervals hold 95 % of bootstrap samples of the queries; p is of a paired permutation test. Clicks were made on what was shown then, so they favour the search of that time.")),
    panel("Query by query", {}, table([
      ["Query", (row) => h("a", { href: `#/analyser?q=${encodeURIComponent(row.query)}` }, row.query)], ["Found A", (row) => count(row.a.total), "number"], ["Found B", (row) => count(row.b.total), "number"],
      ["Same of ten", (row) => count(row.shared), "number"], ["NDCG A", (row) => value(row.a.ndcg), "number"], ["NDCG B", (row) => value(row.b.ndcg), "number"], ["Clicks A", (row) => value(row.a.clicks), "number"], ["Clicks B", (row) => value(row.b.clicks), "number"],
    ], [...answer.queries].sort((x, y) => x.shared - y.shared), "No queries.")),
  ];
}
