// Recommendations for a household that the visitor chooses, each with its reason.

import { h, fill } from "../dom.js";
import { recommend, shopSettings } from "../api.js";
import { recommendedShelf, notice } from "../cards.js";
import { household, chooseHousehold } from "../household.js";
import { sessionID } from "../events.js";

const SHELVES = [
  ["buy_again", "Buy again", "What this household buys regularly, the most due first"],
  ["home", "Picked for you", "A blend of habits, baskets and what is popular"],
  ["new_for_you", "New for you", "Never bought before, close to what this household likes"],
];

export function forYouView(root, { signal, navigate }) {
  document.title = `For you · ${shopSettings().title}`;
  const user = household();
  const households = shopSettings().households ?? [];
  const session = sessionID();
  fill(root,
    h("div", { class: "for-you-head" },
      h("div", null, h("h1", { class: "page-title", tabindex: -1 }, user ? `For household ${user}` : "For you"),
        h("p", { class: "lead-souk" }, user ? "Every recommendation says why it is here." : "Choose a household of the demo data to see its shelves.")),
      households.length > 0 && chooser(households, user, navigate)),
    shopSettings().recommends === false ? notice("No recommendations yet", "This shop knows too little of what its shoppers buy.", h("a", { class: "button", href: "#/" }, "To the front page"))
    : user ? SHELVES.map(([list, title, subtitle]) => recommendedShelf({
      title, subtitle, list, signal, load: () => recommend(list, { user, session, limit: 12, explain: "true" }, signal),
    })) : [
      notice("No household chosen", households.length > 0
        ? "Recommendations then follow what that household bought in the year of data, and what you do in this session."
        : "This shop offers no households to choose from: start it with --demo."),
      recommendedShelf({ title: "Popular now", list: "home", signal, load: () => recommend("home", { session, limit: 12 }, signal) }),
    ]);
}

function chooser(households, user, navigate) {
  return h("label", { class: "household-chooser" }, h("span", null, "Shop as household"),
    h("select", { id: "household", onchange: (event) => { chooseHousehold(event.target.value); navigate("#/for-you", { keepFocus: true }); } },
      h("option", { value: "", selected: user === "" }, "Nobody in particular"),
      households.map((each) => h("option", { value: each, selected: each === user }, each))));
}
