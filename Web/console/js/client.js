// The console's side of the HTTP interface: a session cookie, JSON in and out.

export class Refusal extends Error {
  constructor(status, problem) {
    super(problem?.detail || problem?.title || `The server answered ${status}.`);
    this.status = status;
  }
}

let onSignedOut = () => {};

/** What to do when the session has ended. */
export function whenSignedOut(action) {
  onSignedOut = action;
}

async function call(address, options = {}, { isLogin = false } = {}) {
  const response = await fetch(address, { credentials: "same-origin", ...options });
  if (!response.ok) {
    const refusal = new Refusal(response.status, await response.json().catch(() => null));
    if (response.status === 401 && !isLogin) onSignedOut();
    throw refusal;
  }
  return response.status === 204 ? null : response.json().catch(() => null);
}

const post = (path, body, about) => call(`/console/api/${path}`, {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body ?? {}),
}, about);

export const login = (name, password) => post("login", { name, password }, { isLogin: true });
export const logout = () => post("logout");
export const me = () => call("/console/api/me", {}, { isLogin: true });
export const read = (path, signal) => call(`/console/api/${path}`, { signal });
/** What the storefront of a shop knows; a demonstration names its households there. */
export const demo = (shop, signal) => call(`/storefront/config.json?${new URLSearchParams({ shop })}`, { signal });
export const reload = () => post("reload");
export const rollback = (generation) => post("rollback", { generation });

/** Runs a search as the storefront would, with the tree that explains each score; the session is the key. */
export function explainedSearch(shop, text, signal) {
  const query = new URLSearchParams({ q: text, explain: "true", per_page: "10", facets: "category" });
  return call(`/v1/shops/${encodeURIComponent(shop)}/search?${query}`, { signal });
}

const shopAddress = (shop, path) => `/v1/shops/${encodeURIComponent(shop)}/${path}`;
const send = (method, address, body) => call(address, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/** The same search without explanations. */
export function plainSearch(shop, text, signal) {
  return call(shopAddress(shop, `search?${new URLSearchParams({ q: text, per_page: "12" })}`), { signal });
}

export const rulesOf = (shop, signal) => call(shopAddress(shop, "rules"), { signal });
export const publishRules = (shop, book) => send("PUT", shopAddress(shop, "rules"), book);
export const previewRules = (shop, book, text) => send("POST", shopAddress(shop, `rules/preview?${new URLSearchParams({ q: text, per_page: "12" })}`), book);
export const synonymCandidates = (shop, { synthetic }, signal) => call(shopAddress(shop, `rules/synonym-candidates?synthetic=${synthetic}`), { signal });
export const compareSearches = (shop, body) => send("POST", shopAddress(shop, "search/compare"), body);
export const importRules = (shop, format, content) => send("POST", shopAddress(shop, `rules/import?format=${format}`), content);
