// The front page: departments, what this household buys, what is popular.

import { h, fill } from "../dom.js";
import { categories, otherShops, recommend, shopSettings } from "../api.js";
import { searchAddress, categoryValue } from "../address.js";
import { departmentGlyph, hue } from "../glyphs.js";
import { recommendedShelf } from "../cards.js";
import { formatCount } from "../format.js";
import { household } from "../household.js";
import { sessionID } from "../events.js";
import { nearYou } from "./near-you.js";
import { tastes, tasteChooser, tasteLine } from "../tastes.js";

const MOST_IDEAS = 5;
const SMALLEST_DEPARTMENT = 50;

export function homeView(root, { signal }) {
  document.title = shopSettings().title;
  const user = household();
  const session = sessionID();
  const ideas = h("p", { class: "hero-ideas", hidden: true });
  const departments = h("ul", { class: "departments", role: "list" });
  fill(root,
    h("section", { class: "hero" },
      h("div", { class: "hero-text" },
        h("h1", { tabindex: -1 }, user ? `Welcome back, household ${user}` : "What goes in your basket today?"),
        h("p", { class: "hero-lead" }, user ? "Your shelves below follow what you buy, and when." : "Type a few letters: misspellings are forgiven, and nothing sold out is recommended."),
        ideas, neighbours())),
    user && recommendedShelf({
      title: "Buy again", subtitle: "What this household buys regularly, the most due first", list: "buy_again", signal,
      load: () => recommend("buy_again", { user, session, limit: 12 }, signal),
    }),
    homeShelf({ user, session, signal }),
    recommendedShelf({
      title: "New in the shop", subtitle: user ? "Lately added, closest to your taste first" : "Lately added, what sells best first", list: "new_arrivals", signal,
      load: () => recommend("new_arrivals", { user, session, limit: 12 }, signal),
    }),
    shopSettings().recommends !== false && nearYou({ user, session, signal }),
    h("section", { "aria-labelledby": "departments-title" }, h("h2", { class: "shelf-title", id: "departments-title" }, "Departments"), departments));
  fillIdeas(ideas, shopSettings().ideas ?? []);
  fillDepartments(departments, ideas, signal);
}

/** The main shelf; a new visitor may say first what it is to follow. */
function homeShelf({ user, session, signal }) {
  if (shopSettings().recommends === false) return null;
  const place = h("div", null);
  const show = (chosen) => fill(place,
    !user && chosen === null && tasteChooser({ signal, changed: show }),
    !user && chosen?.length > 0 && tasteLine(chosen, () => show(null)),
    recommendedShelf({
      title: user || chosen?.length > 0 ? "Picked for you" : "Popular now",
      subtitle: user ? "From what you bought, and what goes with it" : chosen?.length > 0 ? "From what you like, and what others buy" : "What households buy most at the moment",
      list: "home", signal,
      load: () => recommend("home", { user, session, limit: 12, tastes: user ? [] : chosen ?? [] }, signal),
    }));
  show(tastes());
  return place;
}

/** Links to the shops that this server shows beside this one. */
function neighbours() {
  const shops = otherShops();
  return shops.length > 0 && h("p", { class: "hero-ideas hero-shops" }, h("span", null, "Also here"), shops.map(({ title, address }) => h("a", { class: "pill", href: address }, title)));
}

function fillIdeas(place, ideas) {
  if (ideas.length === 0) return;
  place.hidden = false;
  fill(place, h("span", null, "Try"), ideas.slice(0, MOST_IDEAS).map((idea) => h("a", { class: "pill", href: searchAddress({ q: idea }) }, idea)));
}

async function fillDepartments(list, ideas, signal) {
  try {
    const answer = await categories(signal);
    const tops = answer.categories.filter(({ path, count }) => path.length === 1 && path[0] && count >= SMALLEST_DEPARTMENT);
    const shown = (tops.length > 0 ? tops : answer.categories.filter(({ path }) => path.length === 1)).sort((a, b) => b.count - a.count).slice(0, 16);
    if (ideas.hidden) fillIdeas(ideas, answer.categories.filter(({ path }) => path.length === 2).sort((a, b) => b.count - a.count).map(({ path }) => path[1].toLowerCase()));
    fill(list, shown.map(({ path, count }) => {
      const tile = h("a", { class: "department", href: searchAddress({ category: categoryValue(path) }) },
        departmentGlyph(path[0]), h("span", { class: "department-name" }, path[0]), h("span", { class: "department-count" }, `${formatCount(count)} products`));
      tile.style.setProperty("--hue", String(hue(path[0])));
      return h("li", null, tile);
    }));
  } catch (error) {
    if (!signal.aborted) fill(list, h("li", { class: "shelf-error" }, `The departments could not be loaded: ${error.message}`));
  }
}
