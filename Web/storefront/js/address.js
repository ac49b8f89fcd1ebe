// The address after "#" holds the whole state of a page, so that back, reload and sharing work.

/** Filters whose values may repeat in the address. */
export const FILTER_FIELDS = ["category", "brand", "brand_class", "size"];

/** `#/search?q=milk&brand=National` → `{ path: ["search"], query: URLSearchParams }`. */
export function parseAddress(hash = location.hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  return { path: path.split("/").filter(Boolean).map(decode), query: new URLSearchParams(query) };
}

function decode(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}

/** The address of a search; `changes` replace parameters of `base`, and any change goes back to page one. */
export function searchAddress(changes = {}, base = new URLSearchParams()) {
  const query = new URLSearchParams(base);
  if (!("page" in changes)) query.delete("page");
  for (const [name, value] of Object.entries(changes)) {
    query.delete(name);
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== "") query.append(name, String(one));
    }
  }
  const text = query.toString();
  return text ? `#/search?${text}` : "#/search";
}

/** The address with one value of a filter switched on or off. */
export function toggledAddress(field, value, base) {
  const values = base.getAll(field);
  return searchAddress({ [field]: values.includes(value) ? values.filter((each) => each !== value) : [...values, value] }, base);
}

/** How a category path is written as a filter's value. */
export const categoryValue = (path) => path.join(" > ");

/** The last part of a category filter's value, for people. */
export const categoryLabel = (value) => value.split(" > ").at(-1);
