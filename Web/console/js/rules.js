// A merchandiser's rules: the list, the editor, what a draft would change, and the way from an empty query to its fix.

import { h, fill } from "/js/dom.js";
import { rulesOf, previewRules, publishRules, importRules, plainSearch, synonymCandidates, read } from "./client.js";
import { panel, table, count, moment, failure } from "./parts.js";
import { ruleForm, conditionText, actionText } from "./rule-form.js";

/** The book that is worked on, kept while the console is open; `null` until it is read. */
let draft = null;
let isChanged = false;

const canWrite = (person) => person.role === "admin" || person.role === "merchandiser";
const bookOf = (answer) => ({ version: answer.version, rules: answer.rules ?? [], synonyms: answer.synonyms ?? [] });

async function load(person, signal) {
  const answer = await rulesOf(person.shop, signal);
  // Somebody else's publishing replaces an untouched draft; a changed one stays and is told when it is published.
  if (!draft || !isChanged) draft = bookOf(answer);
  return answer;
}

export async function rulesPage(root, { query, signal, navigate, person }) {
  const answer = await load(person, signal);
  if (query.get("edit") !== null) return editor(root, { id: query.get("edit"), person, navigate });
  const message = h("div", { role: "status" });
  const list = h("div");
  const preview = h("div");
  const proposals = h("div", { id: "proposals" });
  fill(root, h("h1", { tabindex: -1 }, "Rules"),
    h("p", { class: "panel-note" }, answer.version > 0 ? `Version ${answer.version} is in force since ${moment(answer.published)}. ` : "No rules are in force. ",
      "Rules pin, hide, boost, filter, replace and decorate what searches show."),
    canWrite(person) && tools(), message, list, proposals, preview);
  if (canWrite(person)) fill(proposals, proposalPanel());
  show();
  if (isChanged) fill(preview, previewPanel({ person, text: "" }));

  function tools() {
    const file = h("input", { type: "file", accept: "application/json,.json", class: "visually-hidden", id: "import-file", onchange: () => takeOver(file.files[0]) });
    const format = h("select", { "aria-label": "Format of the export" }, h("option", { value: "algolia" }, "Algolia"), h("option", { value: "typesense" }, "Typesense"));
    const takeOver = async (chosen) => {
      if (!chosen) return;
      try {
        const taken = await importRules(person.shop, format.value, JSON.parse(await chosen.text()));
        draft = { ...bookOf(taken), version: draft.version };
        isChanged = true;
        fill(message, h("div", { class: "message message-good" }, h("p", null, `${count(taken.imported_rules)} rules and ${count(taken.imported_synonyms)} synonyms are in the draft.`),
          taken.notes.length > 0 && h("ul", null, taken.notes.slice(0, 50).map(({ id, note }) => h("li", null, `${id}: ${note}`)))));
        show();
        fill(preview, previewPanel({ person, text: "" }));
      } catch (error) {
        fill(message, failure(error));
      }
      file.value = "";
    };
    return h("div", { class: "tool-form" },
      h("a", { class: "button", href: "#/rules?edit=", id: "new-rule" }, "New rule"),
      h("label", { class: "button button-quiet", for: "import-file" }, "Take over an export", file), format);
  }

  function show() {
    const effects = answer.effects ?? {};
    fill(list,
      isChanged && h("div", { class: "message draft-bar" }, h("span", null, "The draft has changes that are not published."),
        h("button", { type: "button", class: "button button-small", id: "publish", onclick: publish }, "Publish"),
        h("button", { type: "button", class: "button button-quiet button-small", onclick: discard }, "Discard")),
      panel("Rules", {}, table([
        ["Rule", (rule) => [canWrite(person) ? h("a", { href: `#/rules?edit=${encodeURIComponent(rule.id)}` }, rule.id) : rule.id, rule.enabled === false && h("span", { class: "tag" }, "off"), rule.note && h("p", { class: "stat-note" }, rule.note)]],
        ["When", (rule) => conditionText(rule.conditions)], ["Does", (rule) => rule.actions.map((action) => h("p", null, actionText(action)))],
        ["Searches", (rule) => count(effects[rule.id]?.searches ?? 0), "number"], ["Clicks", (rule) => count(effects[rule.id]?.clicks ?? 0), "number"],
        ["Baskets", (rule) => count(effects[rule.id]?.baskets ?? 0), "number"],
        ["", (rule) => canWrite(person) ? removeButton(() => { draft.rules = draft.rules.filter((each) => each !== rule); }, rule.id) : ""],
      ], draft.rules, "No rules yet.")),
      panel("Synonyms", {}, canWrite(person) && synonymForm(), table([
        ["Words", (synonym) => synonym.from?.length > 0 ? `${synonym.from.join(", ")} → ${synonym.to.join(", ")}` : synonym.to.join(" = ")],
        ["Name", (synonym) => synonym.id],
        ["", (synonym) => canWrite(person) ? removeButton(() => { draft.synonyms = draft.synonyms.filter((each) => each !== synonym); }, synonym.id) : ""],
      ], draft.synonyms, "No synonyms yet.")));
  }

  function changed() {
    isChanged = true;
    show();
    fill(preview, previewPanel({ person, text: "" }));
  }

  function removeButton(remove, name) {
    return h("button", { type: "button", class: "button button-quiet button-small", "aria-label": `Remove ${name}`, onclick: () => { remove(); changed(); } }, "Remove");
  }

  function synonymForm() {
    const words = (text) => text.split(",").map((word) => word.trim()).filter(Boolean);
    return h("form", {
      class: "tool-form", onsubmit: (event) => {
        event.preventDefault();
        const { from, to } = event.target.elements;
        const synonym = { id: freshID(draft.synonyms, from.value || to.value), to: words(to.value) };
        if (from.value.trim()) synonym.from = words(from.value);
        draft.synonyms = [...draft.synonyms, synonym];
        changed();
      },
    },
    h("label", null, h("span", null, "Who types (empty: both ways)"), h("input", { type: "text", name: "from", maxlength: 200 })),
    h("label", null, h("span", null, "also finds (commas between)"), h("input", { type: "text", name: "to", required: true, maxlength: 400 })),
    h("button", { type: "submit", class: "button button-quiet" }, "Add"));
  }

  /** Synonyms that shoppers' own searches speak for, to be taken into the draft one by one. */
  function proposalPanel() {
    const found = h("div");
    const synthetic = h("input", { type: "checkbox", name: "synthetic" });
    const show = async () => {
      try {
        const { candidates, synthetic: isSynthetic } = await synonymCandidates(person.shop, { synthetic: synthetic.checked }, signal);
        const list = () => fill(found, isSynthetic && h("p", { class: "panel-note" }, h("span", { class: "synthetic" }, "with simulated sessions")), table([
          ["Shoppers search", ({ from }) => from.join(", ")], ["then find with", ({ to }) => to.join(", ")],
          ["Sessions", ({ sessions }) => count(sessions), "number"], ["Helped", ({ share }) => `${Math.round(share * 100)} %`, "number"],
          ["", (candidate) => draft.synonyms.some(({ id }) => id === candidate.id) ? "in the draft" : h("button", { type: "button", class: "button button-quiet button-small take", "aria-label": `Take over ${candidate.from.join(", ")}`, onclick: () => { take(candidate); list(); } }, "Take over")],
        ], candidates, "No pair of searches was seen often enough."));
        list();
      } catch (error) {
        if (!signal.aborted) fill(found, failure(error));
      }
    };
    const take = ({ id, from, to }) => {
      draft.synonyms = [...draft.synonyms, { id, from, to }];
      changed();
    };
    return panel("Synonyms that searches speak for", {},
      h("p", { class: "panel-note" }, "Pairs of searches of one visit: the first led nowhere, the second to a product. Nothing changes before you publish."),
      h("div", { class: "tool-form" }, h("button", { type: "button", class: "button button-quiet", id: "propose", onclick: show }, "Look for pairs"),
        h("label", { class: "check" }, synthetic, h("span", null, "count simulated sessions"))), found);
  }

  async function publish() {
    try {
      const published = await publishRules(person.shop, draft);
      isChanged = false;
      fill(message, h("p", { class: "message message-good" }, `Version ${published.version} is in force.`), conflictList(published.conflicts));
      Object.assign(answer, await load(person, signal));
      show();
      fill(preview);
    } catch (error) {
      fill(message, failure(error));
    }
  }

  function discard() {
    isChanged = false;
    draft = bookOf(answer);
    show();
    fill(preview);
  }
}

function editor(root, { id, person, navigate }) {
  const before = draft.rules.find((rule) => rule.id === id);
  const preview = h("div");
  const problem = h("div", { role: "alert" });
  const form = ruleForm(before ?? { id: freshID(draft.rules, "rule"), actions: [{ type: "pin", position: 1 }] });
  const take = () => {
    const rule = form.value();
    const rules = draft.rules.filter((each) => each.id !== rule.id && each !== before);
    const place = before ? draft.rules.indexOf(before) : rules.length;
    return { ...draft, rules: [...rules.slice(0, place), rule, ...rules.slice(place)] };
  };
  const act = (action) => async (event) => {
    event?.preventDefault();
    try {
      fill(problem);
      await action();
    } catch (error) {
      fill(problem, failure(error));
    }
  };
  fill(root, h("h1", { tabindex: -1 }, before ? `Rule ${before.id}` : "New rule"),
    h("form", {
      class: "panel rule-form",
      onsubmit: act(async () => {
        await publishRules(person.shop, take());
        draft = null;
        isChanged = false;
        navigate("#/rules");
      }),
    }, form.element, problem,
    h("div", { class: "tool-form" },
      h("button", { type: "submit", class: "button", id: "publish" }, "Publish"),
      h("button", { type: "button", class: "button button-quiet", id: "show-preview", onclick: act(async () => { fill(preview, await previewOf({ person, book: take(), text: form.sampleQuery() })); }) }, "Preview"),
      h("button", { type: "button", class: "button button-quiet", onclick: act(() => { draft = take(); isChanged = true; navigate("#/rules"); }) }, "Keep in the draft"),
      h("a", { class: "button button-quiet", href: "#/rules" }, "Cancel"))), preview);
}

/** A query to try the draft with, and both answers side by side. */
function previewPanel({ person, text }) {
  const result = h("div");
  const form = h("form", {
    class: "tool-form", onsubmit: async (event) => {
      event.preventDefault();
      try {
        fill(result, await previewOf({ person, book: draft, text: event.target.elements.q.value.trim() }));
      } catch (error) {
        fill(result, failure(error));
      }
    },
  },
  h("label", null, h("span", null, "Try the draft with a query"), h("input", { type: "text", name: "q", value: text, maxlength: 200 })),
  h("button", { type: "submit", class: "button button-quiet" }, "Preview"));
  return panel("Preview", {}, form, result);
}

async function previewOf({ person, book, text }) {
  const answer = await previewRules(person.shop, book, text);
  return [conflictList(answer.conflicts), h("div", { class: "columns preview" }, [["before", "In force"], ["after", "With the draft"]].map(([name, title]) => side(title, answer[name], name === "after" ? answer.before : null)))];
}

/** One answer; with `other`, products that stand elsewhere than there are marked. */
function side(title, answer, other) {
  const places = new Map((other?.items ?? []).map((item, index) => [item.id, index]));
  const mark = (item, index) => other && (!places.has(item.id) ? "new" : places.get(item.id) > index ? "up" : places.get(item.id) < index ? "down" : null);
  return panel(title, {},
    h("p", { class: "panel-note" }, `${count(answer.total)} products`, answer.redirect && `, goes to ${answer.redirect}`, (answer.rules ?? []).map((rule) => h("span", { class: "tag" }, rule))),
    (answer.banners ?? []).map((banner) => h("p", { class: "message" }, banner.text)),
    answer.items.length === 0 ? h("p", { class: "table-empty" }, "Nothing is found.") : h("ol", { class: "preview-list" }, answer.items.map((item, index) => h("li", null, h("span", null, item.title), item.pinned_by && h("span", { class: "tag tag-good" }, "pinned"), mark(item, index) && h("span", { class: "tag" }, mark(item, index))))));
}

function conflictList(conflicts) {
  if (!conflicts?.length) return null;
  return h("div", { class: "message conflicts", id: "conflicts" }, h("p", null, h("strong", null, "Please look at these:")),
    h("ul", null, conflicts.slice(0, 20).map(({ severity, rules, reason }) => h("li", { class: severity === "error" ? "is-error" : null }, h("strong", null, rules.join(", ")), " ", reason))));
}

function freshID(list, text) {
  const base = text.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 48) || "entry";
  const taken = new Set(list.map(({ id }) => id));
  let id = base;
  for (let number = 2; taken.has(id); number += 1) id = `${base}-${number}`;
  return id;
}

/** What to do about a query that finds nothing: choose what it means, look, publish. */
export async function fixPage(root, { query, signal, person }) {
  const text = query.get("q") ?? "";
  const book = bookOf(await rulesOf(person.shop, signal));
  const result = h("div", { id: "fix-preview", "aria-live": "polite" });
  const chips = h("div", { class: "tags chips" });
  const input = h("input", { type: "text", name: "to", maxlength: 200, autocomplete: "off" });
  fill(root, h("h1", { tabindex: -1 }, `“${text}”`),
    h("p", { class: "panel-note" }, "Shoppers find nothing for this. Choose what they mean; the preview shows what they would see."),
    panel("It means the same as", {}, chips,
      h("form", { class: "tool-form", onsubmit: (event) => { event.preventDefault(); choose(input.value.trim()); } },
        h("label", null, h("span", null, "or other words"), input), h("button", { type: "submit", class: "button button-quiet" }, "Preview"))),
    result);
  fill(chips, (await candidates(text, person, signal)).map(({ words, total }) => h("button", { type: "button", class: "button button-quiet button-small chip-choice", onclick: () => choose(words) }, words, h("span", { class: "stat-note" }, ` ${count(total)}`))));
  if (chips.childElementCount === 0) chips.append(h("span", { class: "table-empty" }, "No guess: type the words below."));

  async function choose(words) {
    if (!words) return;
    input.value = words;
    const next = { ...book, synonyms: [...book.synonyms, { id: freshID(book.synonyms, text), from: [text], to: [words] }] };
    try {
      const shown = await previewOf({ person, book: next, text });
      fill(result, h("div", { class: "tool-form" }, h("button", { type: "button", class: "button", id: "publish", onclick: () => publish(next) }, `Publish: “${text}” also finds “${words}”`)), shown);
    } catch (error) {
      fill(result, failure(error));
    }
  }

  async function publish(next) {
    try {
      const published = await publishRules(person.shop, next);
      draft = null;
      const answer = await plainSearch(person.shop, text, signal);
      fill(result, h("p", { class: "message message-good" }, `Version ${published.version} is in force: “${text}” finds ${count(answer.total)} products.`), h("p", null, h("a", { href: "#/queries" }, "Back to the queries")));
    } catch (error) {
      fill(result, failure(error));
    }
  }
}

/** Words that the query may mean: what shoppers tried next, what others search for, its own words; each if it finds something. */
async function candidates(text, person, signal) {
  const own = text.split(/\s+/).filter((word) => word.length > 2);
  const [{ queries: next }, { queries }] = await Promise.all([read(`reformulations?query=${encodeURIComponent(text)}`, signal), read("queries?kind=top", signal)]);
  const near = queries.map(({ query }) => ({ query, near: likeness(query, text) })).filter(({ query, near: share }) => share > 0.3 && query !== text).sort((a, b) => b.near - a.near).map(({ query }) => query);
  const wanted = [...new Set([...next.slice(0, 4).map(({ query }) => query), ...near.slice(0, 4), ...(own.length > 1 ? own : [])])].slice(0, 8);
  const found = await Promise.all(wanted.map(async (words) => ({ words, total: (await plainSearch(person.shop, words, signal)).total })));
  return found.filter(({ total }) => total > 0);
}

/** Share of letter pairs that two texts have in common (Dice). */
function likeness(left, right) {
  const pairs = (text) => new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, index) => text.slice(index, index + 2).toLowerCase()));
  const [a, b] = [pairs(left), pairs(right)];
  return 2 * [...a].filter((pair) => b.has(pair)).length / Math.max(1, a.size + b.size);
}
