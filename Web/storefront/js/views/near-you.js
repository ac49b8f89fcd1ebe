// What sells at the shopper's branch, and the choice of the branch.

import { h, fill } from "../dom.js";
import { recommend, storageKey, stores } from "../api.js";
import { recommendedShelf } from "../cards.js";

const chosenBranch = () => localStorage.getItem(storageKey("branch")) ?? "";

function chooseBranch(id) {
  if (id) localStorage.setItem(storageKey("branch"), id);
  else localStorage.removeItem(storageKey("branch"));
}

/** A shelf with a choice above it; nothing in a shop without branches. */
export function nearYou({ user, session, signal }) {
  const place = h("div", { class: "near-you" });
  const shelfPlace = h("div");
  function draw() {
    const store = chosenBranch();
    fill(shelfPlace, (store || user) && recommendedShelf({
      title: "Popular near you", list: "near_you", signal,
      subtitle: (answer) => answer.store ? `Bought at ${answer.store.name} lately, more than elsewhere` : "",
      load: () => recommend("near_you", { store, user, session, limit: 12 }, signal),
    }));
  }
  stores(signal).then((answer) => {
    if (answer.stores.length === 0) return;
    const known = answer.stores.some(({ id }) => id === chosenBranch());
    if (!known) chooseBranch("");
    fill(place, h("label", { class: "branch-chooser" }, h("span", null, "Your branch"),
      h("select", { id: "branch", onchange: (event) => { chooseBranch(event.target.value); draw(); } },
        h("option", { value: "", selected: !known }, user ? "Where this household shops" : "Choose a branch"),
        answer.stores.map(({ id, name }) => h("option", { value: id, selected: id === chosenBranch() }, name)))), shelfPlace);
    draw();
  }).catch(() => fill(place));  // The page does without branches.
  return place;
}
