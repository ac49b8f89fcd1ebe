// Building pages without ever parsing HTML: every string becomes a text node.

const SVG = "http://www.w3.org/2000/svg";

function setProperty(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2).toLowerCase(), value);
  else if (name === "class") element.setAttribute("class", value);
  else if (name === "data") Object.assign(element.dataset, value);
  else if (name === "value" || name === "checked" || name === "selected") element[name] = value;
  else element.setAttribute(name, value === true ? "" : String(value));
}

function build(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) setProperty(element, name, value);
  // Children may hold null and false, so that callers can write `condition && h(…)`.
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Makes an element; `on…` properties are listeners, `data` fills the data attributes. */
export function h(tag, properties, ...children) {
  return build(document.createElement(tag), properties, children);
}

/** Makes an SVG element; only presentation attributes, so that the content security policy holds. */
export function svg(tag, properties, ...children) {
  return build(document.createElementNS(SVG, tag), properties, children);
}

/** A line icon on a 24-unit grid, hidden from screen readers. */
export function icon(path, size = 20) {
  return svg("svg", { class: "icon", viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true", focusable: "false" },
    path.split("|").map((d) => svg("path", { d })));
}

export const ICONS = {
  search: "M11 4a7 7 0 1 0 0 14a7 7 0 0 0 0-14|M16 16l4.5 4.5",
  basket: "M3 9h18l-1.8 9.2a2 2 0 0 1-2 1.8H6.8a2 2 0 0 1-2-1.8L3 9|M8 9l3-5.5|M16 9l-3-5.5",
  person: "M12 4a4 4 0 1 0 0 8a4 4 0 0 0 0-8|M4.5 20.5c.8-4 3.8-6 7.5-6s6.700 2 7.5 6",
  close: "M6 6l12 12|M18 6L6 18",
  filter: "M4 6h16|M7 12h10|M10 18h4",
  plus: "M12 5v14|M5 12h14",
  minus: "M5 12h14",
  check: "M5 12.500l4.500 4.500L19 7.500",
  chevron: "M9 5l7 7l-7 7",
  left: "M15 5l-7 7l7 7",
  clock: "M12 4a8 8 0 1 0 0 16a8 8 0 0 0 0-16|M12 8v4.500l3 1.800",
  folder: "M4 6.500h5.500l2 2.500H20v9.500H4z",
  trash: "M5 7h14|M9 7V4.500h6V7|M7 7l1 13h8l1-13",
  spark: "M12 3.500l2 6.500l6.500 2l-6.500 2l-2 6.500l-2-6.500l-6.500-2l6.500-2z",
};

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&#x27;": "'", "&#34;": '"', "&apos;": "'" };

function decodeEntities(text) {
  return text.replace(/&(?:amp|lt|gt|quot|apos|#39|#34|#x27);/g, (entity) => ENTITIES[entity]);
}

/** Turns an escaped title with <mark> into nodes; anything else that looks like markup stays text. */
export function highlighted(html) {
  return html.split(/(<mark>.*?<\/mark>)/s).filter(Boolean).map((part) => {
    const match = /^<mark>(.*)<\/mark>$/s.exec(part);
    return match ? h("mark", null, decodeEntities(match[1])) : decodeEntities(part);
  });
}

/** Replaces what an element holds. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Calls `action` when no further call came for `milliseconds`. */
export function debounce(action, milliseconds) {
  let timer = 0;
  const debounced = (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...values), milliseconds);
  };
  debounced.cancel = () => clearTimeout(timer);
  return debounced;
}

let announcer = null;

/** Says a sentence to screen readers without moving the focus. */
export function announce(sentence) {
  announcer ??= document.body.appendChild(h("div", { class: "visually-hidden", role: "status", "aria-live": "polite" }));
  announcer.textContent = sentence;
}
