// What people search for, what they do not find, what is slow; and why a query ranks as it does.

import { h, fill } from "/js/dom.js";
import { read, explainedSearch } from "./client.js";
import { panel, table, count, decimal, milliseconds, path, failure } from "./parts.js";

const KINDS = [["top", "Top queries", "No searches yet."], ["empty", "Queries without results", "Every search found something."], ["slow", "Slow queries", "Nothing was slow."]];

const analyserAddress = (text) => `#/analyser?q=${encodeURIComponent(text)}`;

export async function queriesPage(root, { signal, person }) {
  const places = KINDS.map(() => h("div"));
  fill(root, h("h1", { tabindex: -1 }, "Queries"), places);
  await Promise.all(KINDS.map(async ([kind, title, emptyText], index) => {
    try {
      const answer = await read(`queries?kind=${kind}`, signal);
      fill(places[index], panel(title, { isSynthetic: answer.synthetic }, table([
        ["Query", (row) => h("a", { href: analyserAddress(row.query) }, row.query)], ["Searches", (row) => [count(row.count), row.synthetic > 0 && h("span", { class: "synthetic" }, row.synthetic === row.count ? "synthetic" : `${count(row.synthetic)} synthetic`)], "number"], ["Results", (row) => count(row.results), "number"],
        ["Clicks", (row) => count(row.clicks), "number"],
        ...(kind === "empty" && person.role !== "viewer" ? [["", (row) => h("a", { class: "button button-quiet button-small fix", href: `#/fix?q=${encodeURIComponent(row.query)}`, "aria-label": `Fix ${row.query}` }, "Fix")]] : []), ["Time", (row) => row.took_ms > 0 ? milliseconds(row.took_ms) : "–", "number"],
      ], answer.queries, emptyText)));
    } catch (error) {
      if (!signal.aborted) fill(places[index], panel(title, {}, failure(error)));
    }
  }));
}

export async function analyserPage(root, { query, signal, navigate, person }) {
  const text = query.get("q") ?? "";
  const result = h("div", { id: "analysis", "aria-live": "polite" });
  fill(root, h("h1", { tabindex: -1 }, "Query analyser"),
    h("form", { class: "tool-form", role: "search", onsubmit: (event) => { event.preventDefault(); navigate(analyserAddress(event.target.elements.q.value.trim())); } },
      h("label", null, h("span", null, "Query"), h("input", { type: "text", name: "q", value: text, maxlength: 200, autocomplete: "off" })), h("button", { type: "submit", class: "button" }, "Explain")), result);
  if (!text) {
    fill(result, h("p", { class: "table-empty" }, "Type a query to see what it finds and how each score comes about."));
    return;
  }
  const answer = await explainedSearch(person.shop, text, signal);
  fill(result,
    h("p", { class: "panel-note" }, `${count(answer.total)} products in ${milliseconds(answer.took_ms)}, generation ${answer.generation}. `,
      (answer.applied ?? []).map((step) => h("span", { class: "tag" }, stepText(step)))),
    answer.analysis && readingPanel(answer), answer.analysis && costPanel(answer.analysis),
    h("ol", { class: "analysis", start: 1 }, answer.items.map((item) => h("li", { class: "panel" },
      h("details", null, h("summary", null, h("span", { class: "analysis-title" }, item.title), h("span", { class: "analysis-path" }, path(item.product_type)), h("span", { class: "analysis-score" }, decimal(item.score))),
        item.explanation ? h("ul", { class: "tree" }, branch(item.explanation, Math.abs(item.explanation.value) || 1)) : h("p", { class: "table-empty" }, "No explanation came with this result."))))));
  result.querySelector("details")?.setAttribute("open", "");
}

/** How the words were read: each with its readings, and what was understood beside them. */
function readingPanel({ analysis, understood, intent }) {
  const notes = [
    ...analysis.missing.map((word) => `no product near “${word}”`),
    ...(understood ?? []).map(({ kind, text }) => `${kind}: ${text}`),
    ...(intent ?? []).map(({ category, share, choices }) => `${Math.round(share * 100)} % ${category}${choices > 0 ? ` (${count(choices)} choices)` : ""}`),
  ];
  return panel("How it was read", {},
    table([
      ["Word", (word) => [word.text, word.head && h("span", { class: "tag" }, "what it is about")]],
      ["Says", (word) => decimal(word.information), "number"],
      ["Read as", (word) => [word.readings.map((reading) => h("span", { class: "tag", title: `${reading.kind}, weight ${decimal(reading.weight)}` }, `${reading.text} · ${reading.kind} · ${decimal(reading.weight)} · ${count(reading.items)}`)),
        word.readings_in_all > word.readings.length && h("span", { class: "tag" }, `and ${count(word.readings_in_all - word.readings.length)} more`)]],
    ], analysis.words, "No word of it is left to search for."),
    notes.length > 0 && h("p", { class: "panel-note" }, notes.map((note) => h("span", { class: "tag" }, note))));
}

/** What the search cost: counters, and the time of each stage beside the longest. */
function costPanel({ counters, stages }) {
  const longest = Math.max(...stages.map(({ ms }) => ms), 0.001);
  return panel("What it cost", {},
    h("p", { class: "panel-note" }, Object.entries(counters).map(([name, value]) => h("span", { class: "tag" }, `${name.replaceAll("_", " ")}: ${count(value)}`))),
    h("ul", { class: "tree stages" }, stages.map(({ stage, ms }) => {
      const bar = h("span", { class: "tree-bar", "aria-hidden": "true" });
      bar.style.width = `${Math.max(1, ms / longest * 100)}%`;
      return h("li", null, h("div", { class: "tree-node" }, h("span", { class: "tree-value" }, milliseconds(ms)), h("span", null, stage), bar));
    })));
}

/** A step of relaxation as one tag. */
function stepText(step) {
  const name = step.step.replaceAll("_", " ");
  if (step.from) return `${name}: ${step.from} → ${step.to}`;
  return step.dropped?.length > 0 ? `${name}: without ${step.dropped.join(", ")}` : name;
}

/** One node of the tree of a score, with a bar for its share of the largest. */
function branch(node, largest) {
  const width = h("span", { class: "tree-bar", "aria-hidden": "true" });
  width.style.width = `${Math.max(1, Math.min(100, Math.abs(node.value) / largest * 100))}%`;
  return h("li", null, h("div", { class: "tree-node" }, h("span", { class: "tree-value" }, decimal(node.value)), h("span", null, node.label), width),
    node.children?.length > 0 && h("ul", null, node.children.map((child) => branch(child, largest))));
}
