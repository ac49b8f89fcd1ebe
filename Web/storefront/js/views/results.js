// Search results: what was found, what relaxation did, filters, sorting and pages.

import { h, fill, icon, ICONS, announce } from "../dom.js";
import { recommend, search, shopSettings } from "../api.js";
import { FILTER_FIELDS, searchAddress, categoryLabel } from "../address.js";
import { productCard, recommendedShelf, skeletons, trackImpression, notice } from "../cards.js";
import { facetPanel, activeFilters } from "./facets.js";
import { formatCount, formatOneDecimal } from "../format.js";
import { household, isPersonal, choosePersonal } from "../household.js";
import { sessionID, track } from "../events.js";

const PER_PAGE = 24;
const SORTS = [["relevance", "Best match"], ["popularity", "Most bought"], ["rating", "Best rated"], ["price_asc", "Price: low to high"], ["price_desc", "Price: high to low"], ["title", "Name"]];

let lastTracked = "";

/** The server's parameters for the address's. */
function requestParameters(query) {
  return {
    q: query.get("q") ?? "", page: query.get("page") ?? 1, per_page: PER_PAGE, sort: query.get("sort") ?? "relevance",
    filter: FILTER_FIELDS.flatMap((field) => query.getAll(field).map((value) => `${field}:${value}`)),
    min_price: query.get("min"), max_price: query.get("max"), in_stock: query.get("stock") === "1" ? "true" : null,
    exact: query.get("exact") === "1" ? "true" : null, ignore: query.getAll("ignore").join(",") || null,
    facets: FILTER_FIELDS.join(","), user: household(), session: sessionID(), personal: household() && isPersonal() ? "true" : null, filler: "true",
  };
}

export async function resultsView(root, { query, signal, navigate }) {
  const text = query.get("q") ?? "";
  const heading = headingOf(text, query);
  document.title = `${heading} · ${shopSettings().title}`;
  const previous = root.querySelector(".results");
  if (previous) previous.setAttribute("aria-busy", "true");
  else fill(root, h("div", { class: "results", "aria-busy": "true" }, h("h1", { class: "results-title", tabindex: -1 }, heading), h("ul", { class: "product-grid", role: "list" }, skeletons(12))));
  let answer;
  try {
    answer = await search(requestParameters(query), signal);
  } catch (error) {
    if (signal.aborted) return;
    fill(root, notice("The search did not work", error.message, h("button", { type: "button", class: "button", onclick: () => navigate(location.hash || "#/") }, "Try again")));
    return;
  }
  if (signal.aborted) return;
  if (leaves(answer.redirect)) return;
  const again = () => resultsView(root, { query, signal, navigate });
  render(root, { answer, query, heading, navigate, again, signal });
  noteSearch(answer, query, text);
}

/** Follows a rule's redirect; one that leads back here is ignored. */
function leaves(address) {
  if (!address) return false;
  const target = new URL(address, location.href);
  if (!["http:", "https:"].includes(target.protocol) || target.href === location.href) return false;
  location.replace(target.href);
  return true;
}

/** What the shop's rules show above the results. */
function banners(answer) {
  return (answer.banners ?? []).map(({ text, link, image_link: image }) => {
    const content = [image && h("img", { src: image, alt: "", loading: "lazy" }), text && h("span", null, text)];
    return link ? h("a", { class: "banner", href: link }, content) : h("div", { class: "banner" }, content);
  });
}

function headingOf(text, query) {
  if (text) return `“${text}”`;
  const categories = query.getAll("category");
  return categories.length > 0 ? categories.map(categoryLabel).join(", ") : "All products";
}

/** A search counts once per question, not once per page of its answer. */
function noteSearch(answer, query, text) {
  const page = Number(query.get("page") ?? 1);
  const about = { query: text, impression_id: answer.impression_id, list: "search" };
  if (text && page === 1 && lastTracked !== query.toString()) track("search", [], { ...about, result_count: answer.total });
  lastTracked = query.toString();
  trackImpression(answer.items, { ...about, firstPosition: (page - 1) * PER_PAGE + 1 });
}

/** On the first page of one category: its best for this shopper. */
function categoryShelf(answer, query, signal) {
  const categories = query.getAll("category");
  const isWhole = categories.length === 1 && [...query.keys()].length === 1;
  if (!isWhole || answer.total === 0) return null;
  const user = household(), label = categoryLabel(categories[0]);
  return recommendedShelf({
    title: user ? `Your picks in ${label}` : `Popular in ${label}`, list: "category", signal,
    load: () => recommend("category", { category: categories[0], user, session: sessionID(), limit: 12 }, signal),
  });
}

function render(root, { answer, query, heading, navigate, again, signal }) {
  const page = Number(query.get("page") ?? 1);
  const about = { list: "search", query: answer.query, impression_id: answer.impression_id };
  const grid = h("ul", { class: "product-grid", role: "list" }, answer.items.map((card, index) =>
    h("li", null, productCard(card, { ...about, position: (page - 1) * PER_PAGE + index + 1 }))));
  const isFiltered = [...query.keys()].some((name) => FILTER_FIELDS.includes(name) || ["min", "max", "stock"].includes(name));
  const hasPanel = answer.total > 0 || isFiltered;
  fill(root, h("div", { class: hasPanel ? "results has-facets" : "results" },
    hasPanel && facetPanel({ answer, query, navigate }),
    h("div", { class: "results-main" },
      h("div", { class: "results-head" },
        h("div", null,
          h("h1", { class: "results-title", tabindex: -1 }, heading),
          h("p", { class: "results-count" }, h("strong", null, formatCount(answer.total)), answer.total === 1 ? " product" : " products", h("span", { class: "results-time" }, ` in ${formatTime(answer.took_ms)}`))),
        answer.total > 0 && h("div", { class: "results-tools" },
          h("button", { type: "button", class: "button button-quiet facets-open", "data-bs-toggle": "offcanvas", "data-bs-target": "#facets", "aria-controls": "facets" }, icon(ICONS.filter), "Filter"),
          personalSwitch(query, again), sortMenu(query, navigate))),
      banners(answer),
      relaxation(answer, query),
      understood(answer, query),
      activeFilters({ answer, query }),
      categoryShelf(answer, query, signal),
      answer.total > 0 ? grid : [emptyState(answer, query, isFiltered), filler(answer)],
      pages(answer, query))));
  announce(answer.total === 0 ? `Nothing found for ${heading}.` : `${formatCount(answer.total)} products for ${heading}.`);
}

const formatTime = (milliseconds) => milliseconds < 1 ? `${formatOneDecimal(Math.max(0.1, milliseconds))} ms` : `${formatCount(Math.round(milliseconds))} ms`;

function sortMenu(query, navigate) {
  const chosen = query.get("sort") ?? "relevance";
  return h("label", { class: "sort" }, h("span", null, "Sort by"),
    h("select", { onchange: (event) => navigate(searchAddress({ sort: event.target.value === "relevance" ? null : event.target.value }, query)) },
      SORTS.map(([value, label]) => h("option", { value, selected: value === chosen }, label))));
}

/** Puts what the household usually buys first, or not; there is nothing to switch for a stranger or in another order. */
function personalSwitch(query, again) {
  if (!household() || (query.get("sort") ?? "relevance") !== "relevance") return null;
  return h("label", { class: "sort personal-switch" },
    h("input", { type: "checkbox", role: "switch", checked: isPersonal(), onchange: (event) => { choosePersonal(event.target.checked); again(); } }),
    h("span", { class: "personal-label" }, "My usual first"));
}

/** Says what the search engine changed about the question, and offers the question as it was asked. */
function relaxation(answer, query) {
  const steps = answer.applied ?? [];
  const typos = steps.filter(({ step }) => step === "typo");
  const dropped = steps.flatMap((step) => step.dropped ?? []);
  const isPartial = steps.some(({ step }) => step === "optional_terms");
  const offers = steps.filter(({ step }) => step === "did_you_mean");
  const others = steps.filter((step) => step.step !== "typo" && step.step !== "did_you_mean" && step.step !== "optional_terms" && step.step !== "meaning" && step.step !== "personal" && !step.dropped);
  const isNear = steps.some(({ step }) => step === "meaning");
  if (typos.length === 0 && !isPartial && dropped.length === 0 && others.length === 0 && offers.length === 0 && !isNear) return null;
  let corrected = answer.query;
  for (const { from, to } of typos) corrected = corrected.split(/(\s+)/).map((word) => word.toLowerCase() === from.toLowerCase() ? to.split(", ").join(" or ") : word).join("");
  return h("div", { class: typos.length > 0 || isPartial || dropped.length > 0 ? "relaxation" : "relaxation is-quiet", role: "note" },
    typos.length > 0 && h("p", null, "Showing results for ", h("strong", null, corrected), ". ",
      // A server that corrects even an exact search would only answer the same again.
      query.get("exact") !== "1" && [h("a", { href: searchAddress({ exact: "1" }, query) }, "Search instead for ", h("q", null, answer.query)), "."]),
    offers.map(({ from, to }) => h("p", null, "Did you mean ", to.split(", ").map((word, index) => [index > 0 && " or ",
      h("a", { href: searchAddress({ q: answer.query.replace(new RegExp(`(?<![\\p{L}\\p{N}])${from}(?![\\p{L}\\p{N}])`, "iu"), word) }, query) }, word)]), "?")),
    dropped.length > 0 && h("p", null, "Few products have every word, so these also match without ", dropped.map((word, index) => [index > 0 && ", ", h("s", null, word)]), "."),
    isPartial && dropped.length === 0 && h("p", null, "No product has every word, so these match some of them."),
    isNear && h("p", null, "Some products have other words, but mean something near to what you typed."),
    likeMeaning(others), others.filter(({ step }) => step !== "synonyms").map((step) => h("p", null, widening(step))));
}

/** All words of like meaning in one line. */
function likeMeaning(steps) {
  const words = [...new Set(steps.filter(({ step }) => step === "synonyms").flatMap(({ to }) => to.split(", ")))];
  return words.length > 0 && h("p", null, `Products with words of like meaning are among these: ${words.slice(0, 6).join(", ")}.`);
}

/** What a further step of relaxation did, in a sentence. */
const languageName = (tag) => new Intl.DisplayNames(["en"], { type: "language" }).of(tag);

function widening({ step, from, to }) {
  switch (step) {
    case "replacement": return ["Showing results for ", h("strong", null, to), " instead of ", h("q", null, from), "."];
    case "filter": return "Some products are left out for this search.";
    case "translation": return [h("q", null, from), ` was also read as ${to}.`];
    case "transliteration": return [h("q", null, from), ` was read as it sounds: ${to}.`];
    case "phrase": return ["No product has ", h("q", null, from), " word for word: its words may stand anywhere."];
    case "language": return [`Nothing in ${languageName(from)} matches: these were found in ${languageName(to)}.`];
    case "split": return [h("q", null, from), " was read as ", h("q", null, to), "."];
    default: return `The search was widened: ${step.replaceAll("_", " ")}.`;
  }
}

const UNDERSTOOD = { price: "Price", size: "Size", value: "Only", without: "Without", order: "Order", category: "Most look in" };

/** What was read out of the words beside what to look for; pressing a chip makes plain words of it again. */
function understood(answer, query) {
  const parts = answer.understood ?? [];
  if (parts.length === 0) return null;
  return h("ul", { class: "chips understood", role: "list", "aria-label": "Understood from your words" },
    parts.map(({ id, kind, text }) => h("li", null,
      h("a", { class: "chip", href: searchAddress({ ignore: [...query.getAll("ignore"), id] }, query), "aria-label": `Take “${text}” as plain words` },
        `${UNDERSTOOD[kind] ?? kind}: ${text}`, icon(ICONS.close, 14)))));
}

function emptyState(answer, query, isFiltered) {
  return h("div", { class: "empty" },
    icon(ICONS.search, 56),
    h("h2", null, isFiltered ? "Nothing matches these filters" : `Nothing found for “${answer.query}”`),
    h("p", null, isFiltered ? "Fewer filters will show more." : "Check the spelling, or use a wider word: “juice” rather than a brand’s name."),
    h("div", { class: "notice-actions" },
      query.get("exact") === "1" && h("a", { class: "button", href: searchAddress({ exact: null }, query) }, "Allow other spellings"),
      isFiltered && h("a", { class: "button", href: searchAddress({ q: query.get("q") }) }, "Clear all filters"),
      h("a", { class: "button button-quiet", href: "#/" }, "Browse departments")));
}

const FILLERS = { without_filters: "Without the filters there is", category: "What sells best in this category", popular: "What others buy here" };

/** What the shop shows beside an empty answer: named for what it is, and never counted as a result. */
function filler(answer) {
  if (!answer.filler) return null;
  return h("section", { class: "filler", "aria-labelledby": "filler-title" },
    h("h2", { id: "filler-title" }, FILLERS[answer.filler.step] ?? "Also here"),
    h("ul", { class: "product-grid", role: "list" }, answer.filler.items.map((card, index) =>
      h("li", null, productCard(card, { list: `filler_${answer.filler.step}`, position: index + 1 })))));
}

function pages(answer, query) {
  const last = Math.ceil(answer.total / answer.per_page);
  if (last <= 1) return null;
  const page = answer.page;
  const numbers = [...new Set([1, page - 1, page, page + 1, last])].filter((each) => each >= 1 && each <= last).sort((a, b) => a - b);
  const link = (target, label, about) => h("a", { class: "page-link-souk", href: searchAddress({ page: target }, query), ...about }, label);
  return h("nav", { class: "pages", "aria-label": "Pages of results" },
    page > 1 && link(page - 1, [icon(ICONS.left, 16), "Previous"], { rel: "prev", class: "page-link-souk page-step" }),
    numbers.map((number, index) => [
      index > 0 && number - numbers[index - 1] > 1 && h("span", { class: "page-gap", "aria-hidden": "true" }, "…"),
      link(number, formatCount(number), { "aria-label": `Page ${number}`, "aria-current": number === page ? "page" : null }),
    ]),
    page < last && link(page + 1, ["Next", icon(ICONS.chevron, 16)], { rel: "next", class: "page-link-souk page-step" }));
}
