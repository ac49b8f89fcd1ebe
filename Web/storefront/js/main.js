// Starts the storefront: settings, header, and one view for each address.

import { h, fill, announce } from "./dom.js";
import { loadSettings, otherShops, language, chooseLanguage } from "./api.js";
import { parseAddress } from "./address.js";
import { attachSearchBox } from "./search-box.js";
import { basketCount, onBasketChange } from "./basket.js";
import { household, onHouseholdChange } from "./household.js";
import { notice } from "./cards.js";
import { homeView } from "./views/home.js";
import { resultsView } from "./views/results.js";
import { productView } from "./views/product.js";
import { basketView, checkoutView, thanksView } from "./views/basket.js";
import { forYouView } from "./views/for-you.js";
import { attachVoiceSearch } from "./voice.js";
import { pictureView, attachPictureSearch } from "./views/picture.js";

const VIEWS = { "": homeView, search: resultsView, item: productView, basket: basketView, checkout: checkoutView, thanks: thanksView, "for-you": forYouView, picture: pictureView };

const root = document.getElementById("main");
const scrollPositions = new Map();
let current = { controller: null, hash: null };
// Set by our own navigation, so that the handler can tell it from back and forward.
let pending = null;
let searchBox = null;

history.scrollRestoration = "manual";

function navigate(address, { keepFocus = false } = {}) {
  pending = { keepFocus };
  if (location.hash === address || (address === "#/" && location.hash === "")) show();
  else location.hash = address;
}

async function show() {
  const how = pending;
  pending = null;
  if (current.hash !== null) scrollPositions.set(current.hash, scrollY);
  current.controller?.abort();
  const controller = new AbortController();
  current = { controller, hash: location.hash };
  closeOffcanvas(how);
  const { path, query } = parseAddress();
  searchBox.setQuery(path[0] === "search" ? query.get("q") ?? "" : "");
  markCurrentLink(path[0] ?? "");
  const focused = how?.keepFocus ? document.activeElement?.id : null;
  const view = VIEWS[path[0] ?? ""];
  if (view) await view(root, { path, query, signal: controller.signal, navigate });
  else fill(root, notice("This page does not exist", "The address may be mistyped.", h("a", { class: "button", href: "#/" }, "To the front page")));
  if (controller.signal.aborted) return;
  settle(how, focused);
}

/** After a view is drawn: scroll and focus as a page load would. */
function settle(how, focused) {
  if (how?.keepFocus) {
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    return;
  }
  scrollTo(0, how ? 0 : scrollPositions.get(location.hash) ?? 0);
  if (how || document.activeElement === document.body) root.querySelector("h1")?.focus({ preventScroll: true });
}

/** The panel's element is about to be replaced: its backdrop must not stay. */
function closeOffcanvas(how) {
  const panel = document.getElementById("facets");
  if (!panel?.classList.contains("show")) return;
  window.bootstrap?.Offcanvas.getInstance(panel)?.hide();
  if (how) how.keepFocus = false;
}

function markCurrentLink(name) {
  for (const link of document.querySelectorAll("[data-view]")) {
    if (link.dataset.view === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function showBasketCount() {
  const count = basketCount();
  const badge = document.getElementById("basket-count");
  badge.textContent = count > 99 ? "99+" : String(count);
  badge.hidden = count === 0;
  document.getElementById("basket-link").setAttribute("aria-label", count === 1 ? "Basket, 1 piece" : `Basket, ${count} pieces`);
}

function showHousehold() {
  const user = household();
  document.getElementById("household-name").textContent = user ? `Household ${user}` : "For you";
}

/** Where a demonstration's data comes from, and which other shops the server shows. */
function showFooter(settings) {
  const note = document.getElementById("synthetic-note");
  note.hidden = !settings.synthetic;
  fill(note, h("strong", null, "Demonstration shop."), " ", settings.notice || "What is synthetic was made by a seeded generator and counts in no figure of accuracy.");
  document.getElementById("other-shops").append(...otherShops().flatMap(({ title, address }) => [" · ", h("a", { href: address }, title)]));
}

/** A choice of languages, where the shop's products have texts in several. */
function showLanguages({ languages }) {
  if (!(languages?.length > 1)) return;
  const names = new Intl.DisplayNames(["en"], { type: "language" });
  const choice = h("select", { id: "language", "aria-label": "Language of products", onchange: (event) => { chooseLanguage(event.target.value); show(); } },
    languages.map((tag) => h("option", { value: tag, selected: tag === language() }, names.of(tag))));
  document.getElementById("languages").append(" · ", choice);
}

async function start() {
  let settings;
  try {
    settings = await loadSettings();
  } catch (error) {
    fill(root, notice("The shop does not answer", `${error.message} Reload the page in a moment.`));
    return;
  }
  for (const place of document.querySelectorAll("[data-shop-title]")) place.textContent = settings.title;
  showFooter(settings);
  showLanguages(settings);
  searchBox = attachSearchBox(document.getElementById("search"), navigate);
  attachPictureSearch(document.getElementById("search"), navigate);
  attachVoiceSearch(document.getElementById("search"), navigate);
  showBasketCount();
  showHousehold();
  onBasketChange(showBasketCount);
  onHouseholdChange(showHousehold);
  addEventListener("storage", showBasketCount);
  addEventListener("hashchange", show);
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href^='#/']") : null;
    if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    navigate(link.getAttribute("href"));
  });
  document.querySelector(".skip-link").addEventListener("click", (event) => {
    event.preventDefault();
    root.focus();
    announce("Main content.");
  });
  document.documentElement.dataset.ready = "true";
  show();
}

start();
