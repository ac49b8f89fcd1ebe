// The form of one rule, and rules in words.

import { h, fill } from "/js/dom.js";

const ACTIONS = [["pin", "Pin a product"], ["hide", "Hide"], ["boost", "Boost"], ["bury", "Bury"], ["filter", "Filter"], ["replace", "Replace the query"], ["redirect", "Redirect"], ["banner", "Banner"]];
const QUERIES = [["", "any query"], ["exact", "the query is"], ["contains", "the query contains"], ["pattern", "the query fits the pattern"]];
const PIN_MODES = [["relevance_only", "only by relevance, if it passes the filters"], ["only_if_matching", "in every order, if it passes the filters"], ["keep", "always"]];

const words = (text) => text.split(",").map((word) => word.trim()).filter(Boolean);
const list = (values) => (values ?? []).join(", ");

export function conditionText(conditions = {}) {
  const parts = [];
  for (const [kind, title] of QUERIES.slice(1)) if (conditions.query?.[kind] !== undefined) parts.push(`${title} “${conditions.query[kind]}”`);
  if (conditions.category) parts.push(`in ${conditions.category}`);
  for (const [field, values] of Object.entries(conditions.filters ?? {})) parts.push(`${field} is ${values.join(" or ")}`);
  if (conditions.segments?.length) parts.push(`for ${list(conditions.segments)}`);
  if (conditions.markets?.length) parts.push(`market ${list(conditions.markets)}`);
  if (conditions.from) parts.push(`from ${conditions.from.slice(0, 10)}`);
  if (conditions.until) parts.push(`until ${conditions.until.slice(0, 10)}`);
  return parts.join("; ") || "always";
}

const targetText = (action) => action.items ? `products ${list(action.items)}` : `${action.field} ${list(action.values)}`;

export function actionText(action) {
  switch (action.type) {
    case "pin": return `pin ${action.item} to place ${action.position}`;
    case "hide": return `hide ${targetText(action)}`;
    case "boost": case "bury": return `${action.type} ${targetText(action)} × ${action.factor}`;
    case "filter": return `only ${action.field} ${list(action.values)}`;
    case "replace": return action.phrase ? `“${action.phrase}” becomes “${action.with}”` : `search for “${action.with}”`;
    case "redirect": return `go to ${action.to}`;
    default: return `banner “${action.text}”`;
  }
}

const field = (title, control) => h("label", null, h("span", null, title), control);
const input = (name, value, about = {}) => h("input", { type: "text", name, value: value ?? "", autocomplete: "off", ...about });
const select = (name, options, value, about = {}) => h("select", { name, ...about }, options.map(([key, title]) => h("option", { value: key, selected: key === value }, title)));

/** `element` to show, `value()` for the rule as it stands, `sampleQuery()` to try it with. */
export function ruleForm(rule) {
  const conditions = rule.conditions ?? {};
  const kind = QUERIES.find(([name]) => name && conditions.query?.[name] !== undefined)?.[0] ?? (rule.conditions ? "" : "exact");
  const controls = {
    id: input("id", rule.id, { required: true, maxlength: 64, pattern: "[A-Za-z0-9._\\-]+" }), note: input("note", rule.note, { maxlength: 1000 }),
    isEnabled: h("input", { type: "checkbox", name: "enabled", checked: rule.enabled !== false }), priority: input("priority", String(rule.priority ?? 0), { inputmode: "numeric", pattern: "-?[0-9]+" }),
    kind: select("kind", QUERIES, kind), query: input("query", conditions.query?.[kind], { maxlength: 512 }), category: input("category", conditions.category),
    segments: input("segments", list(conditions.segments)), markets: input("markets", list(conditions.markets)),
    from: input("from", conditions.from, { placeholder: "2026-12-01" }), until: input("until", conditions.until, { placeholder: "2026-12-24T18:00:00Z" }),
    pinMode: select("pin_mode", PIN_MODES, rule.pin_mode ?? "relevance_only"),
  };
  const actions = h("div", { class: "action-list" });
  const rows = [];
  const addRow = (action) => {
    const row = actionRow(action, () => { rows.splice(rows.indexOf(row), 1); row.element.remove(); });
    rows.push(row);
    actions.append(row.element);
  };
  for (const action of rule.actions) addRow(action);
  const element = [
    h("div", { class: "form-grid" }, field("Name", controls.id), field("Note", controls.note), field("Priority", controls.priority), h("label", { class: "check" }, controls.isEnabled, h("span", null, "In use"))),
    h("fieldset", null, h("legend", null, "When"), h("div", { class: "form-grid" }, field("Query", controls.kind), field("Words", controls.query), field("Category (path with >)", controls.category),
      field("Groups of shoppers", controls.segments), field("Markets", controls.markets), field("From", controls.from), field("Until", controls.until))),
    h("fieldset", null, h("legend", null, "Do"), actions, h("button", { type: "button", class: "button button-quiet button-small", id: "add-action", onclick: () => addRow({ type: "pin", position: rows.length + 1 }) }, "Add an action"),
      h("div", { class: "form-grid" }, field("Pins stand", controls.pinMode))),
  ];
  const value = () => {
    const built = { id: controls.id.value.trim(), enabled: controls.isEnabled.checked, priority: Number(controls.priority.value) || 0, conditions: {}, actions: rows.map((row) => row.value()), pin_mode: controls.pinMode.value };
    if (controls.note.value.trim()) built.note = controls.note.value.trim();
    if (controls.kind.value) built.conditions.query = { [controls.kind.value]: controls.query.value.trim() };
    if (controls.category.value.trim()) built.conditions.category = controls.category.value.trim();
    for (const name of ["segments", "markets"]) if (words(controls[name].value).length > 0) built.conditions[name] = words(controls[name].value);
    for (const name of ["from", "until"]) if (controls[name].value.trim()) built.conditions[name] = controls[name].value.trim();
    if (conditions.filters) built.conditions.filters = conditions.filters;
    return built;
  };
  return { element, value, sampleQuery: () => controls.query.value.replaceAll("*", "").trim() };
}

/** One action: its type decides which fields show. */
function actionRow(action, remove) {
  const fields = h("div", { class: "form-grid" });
  const type = select("type", ACTIONS, action.type, { "aria-label": "Action", onchange: () => draw({ type: type.value, position: 1 }) });
  let controls = {};
  const draw = (given) => {
    const text = (name, title, value) => field(title, controls[name] = input(name, value));
    controls = {};
    fill(fields, ...({
      pin: () => [text("item", "Product’s identifier", given.item), text("position", "Place", String(given.position ?? 1))],
      hide: () => target(), boost: () => [...target(), text("factor", "Times", String(given.factor ?? 2))], bury: () => [...target(), text("factor", "Times", String(given.factor ?? 0.5))],
      filter: () => [text("field", "Field", given.field), text("values", "Values", list(given.values))],
      replace: () => [text("phrase", "Only these words (empty: all)", given.phrase), text("with", "by", given.with)],
      redirect: () => [text("to", "Address", given.to)], banner: () => [text("text", "Text", given.text), text("link", "Link", given.link), text("image_link", "Picture", given.image_link)],
    })[given.type]());
    function target() {
      return [text("items", "Products’ identifiers", list(given.items)), text("field", "or a field", given.field), text("values", "with values", list(given.values))];
    }
  };
  draw(action);
  const value = () => {
    const built = { type: type.value };
    for (const [name, control] of Object.entries(controls)) {
      const given = control.value.trim();
      if (!given && !["with", "item"].includes(name)) continue;
      built[name] = ["items", "values"].includes(name) ? words(given) : ["position", "factor"].includes(name) ? Number(given) : given;
    }
    return built;
  };
  return { value, element: h("div", { class: "action-row" }, type, fields, h("button", { type: "button", class: "button button-quiet button-small", onclick: remove }, "Remove")) };
}
