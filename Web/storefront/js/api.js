// The shop's HTTP interface, as the storefront uses it.

let settings = null;

/** A refusal by the server, with the sentence that it gave. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem?.detail || problem?.title || `The server answered ${status}.`);
    this.status = status;
  }
}

/** Reads the storefront's settings; all other calls need them. The address names the shop: `/?shop=NAME`. */
export async function loadSettings() {
  const wanted = new URLSearchParams(location.search).get("shop");
  const response = await fetch(`/storefront/config.json${wanted ? `?shop=${encodeURIComponent(wanted)}` : ""}`);
  if (!response.ok) throw new Refusal(response.status, null);
  settings = await response.json();
  return settings;
}

export function shopSettings() {
  return settings;
}

/** The name under which this browser keeps something of the shop that is shown. */
export const storageKey = (name) => `souk.${settings.shop}.${name}`;

/** The server's other shops, each with its address. */
export const otherShops = () => (settings.shops ?? []).filter(({ shop }) => shop !== settings.shop)
  .map(({ shop, title }) => ({ title, address: `/?shop=${encodeURIComponent(shop)}` }));

/** The language in which products are read, the shop's own unless chosen otherwise. */
export function language() {
  const chosen = localStorage.getItem(storageKey("language"));
  return settings.languages?.includes(chosen) ? chosen : settings.languages?.[0] ?? "en";
}

export const chooseLanguage = (tag) => localStorage.setItem(storageKey("language"), tag);

/** What tells the server of a language that is not the shop's own. */
const spoken = () => language() === settings.languages?.[0] ? {} : { lang: language() };

function address(path, parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters ?? {})) {
    if (value === null || value === undefined || value === "" || value === false) continue;
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
  }
  const text = query.toString();
  return `/v1/shops/${encodeURIComponent(settings.shop)}/${path}${text ? `?${text}` : ""}`;
}

async function get(path, parameters, signal) {
  const response = await fetch(address(path, parameters), {
    headers: { "X-Souk-Key": settings.search_key, Accept: "application/json" }, signal,
  });
  if (!response.ok) throw new Refusal(response.status, await response.json().catch(() => null));
  return response.json();
}

export const search = (parameters, signal) => get("search", { ...parameters, ...spoken() }, signal);
export const suggest = (parameters, signal) => get("suggest", { ...parameters, ...spoken() }, signal);
export const stores = (signal) => get("stores", null, signal);
export const categories = (signal) => get("categories", null, signal);
export const item = (id, signal) => get(`items/${encodeURIComponent(id)}`, spoken(), signal);
export const recommend = (scenario, parameters, signal) => get(`recommend/${scenario}`, { ...parameters, ...spoken() }, signal);

/** A set of items that are bought together, with what it costs. */
export const bundle = (id, parameters, signal) => get(`items/${encodeURIComponent(id)}/bundle`, { ...parameters, ...spoken() }, signal);

export const onboarding = (parameters, signal) => get("onboarding", { ...parameters, ...spoken() }, signal);

export const similarPictures = (id, parameters, signal) => get(`items/${encodeURIComponent(id)}/similar-pictures`, { ...parameters, ...spoken() }, signal);

/** Finds what looks like a picture, a Blob of type image/png. */
export async function searchPicture(picture, parameters, signal) {
  const response = await fetch(address("search/picture", { ...parameters, ...spoken() }), {
    method: "POST", headers: { "X-Souk-Key": settings.search_key, "Content-Type": "image/png" }, body: picture, signal,
  });
  if (!response.ok) throw new Refusal(response.status, await response.json().catch(() => null));
  return response.json();
}

/** Understands a spoken query, a Blob of type audio/wav. */
export async function listen(recording) {
  const response = await fetch(address("voice", null), {
    method: "POST", headers: { "X-Souk-Key": settings.search_key, "Content-Type": "audio/wav" }, body: recording,
  });
  if (!response.ok) throw new Refusal(response.status, await response.json().catch(() => null));
  return response.json();
}

/** Sends events so that they survive the page's end. */
export function postEvents(events) {
  return fetch(address("events"), {
    method: "POST", keepalive: true,
    headers: { "X-Souk-Key": settings.search_key, "Content-Type": "application/json" },
    body: JSON.stringify({ events }),
  });
}
