// What a new visitor says they like, for this visit: it stays in the browser's tab.

import { h, fill, icon, ICONS, announce } from "./dom.js";
import { onboarding, storageKey } from "./api.js";
import { productPicture } from "./pictures.js";

const key = () => storageKey("tastes");

/** The categories that were chosen in this visit; `null` as long as nobody was asked. */
export function tastes() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key()) ?? "null");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : null;
  } catch {
    return null;
  }
}

function keep(chosen) {
  sessionStorage.setItem(key(), JSON.stringify(chosen));
}

/** Asks for a few tastes; `changed` is called once they are chosen, or passed over. */
export function tasteChooser({ signal, changed }) {
  const list = h("ul", { class: "tastes", role: "list" });
  const done = h("button", { type: "button", class: "button", disabled: true });
  const section = h("section", { class: "tastes-section", "aria-labelledby": "tastes-title", hidden: true },
    h("div", { class: "shelf-head" },
      h("div", null, h("h2", { class: "shelf-title", id: "tastes-title" }, "What do you like?"),
        h("p", { class: "shelf-subtitle" }, "Choose three, and this page follows them during your visit.")),
      h("div", { class: "tastes-actions" },
        h("button", { type: "button", class: "button-plain tastes-skip", onclick: () => finish([]) }, "Not now"), done)),
    list);
  const chosen = new Set();
  let wanted = 3;

  function finish(choice) {
    keep(choice);
    section.remove();
    announce(choice.length > 0 ? "The shelves follow your choice." : "No tastes were chosen.");
    changed(choice);
  }

  function show() {
    const missing = wanted - chosen.size;
    done.disabled = missing > 0;
    done.textContent = missing > 0 ? `Choose ${missing} more` : "Show me these";
    for (const button of list.querySelectorAll("button")) {
      const isChosen = chosen.has(button.dataset.taste);
      button.setAttribute("aria-pressed", String(isChosen));
      button.disabled = !isChosen && missing <= 0;
    }
  }

  done.addEventListener("click", () => finish([...chosen]));
  onboarding({ limit: 12 }, signal).then((answer) => {
    if (answer.tastes.length === 0) { section.remove(); return; }
    wanted = Math.min(answer.choose, answer.tastes.length);
    fill(list, answer.tastes.map(({ id, path, item }) => h("li", null,
      h("button", {
        type: "button", class: "taste", "aria-pressed": "false", data: { taste: id },
        onclick: () => { if (!chosen.delete(id)) chosen.add(id); show(); },
      }, productPicture(item), h("span", { class: "taste-name" }, path.at(-1).replaceAll("/", "/\u200b")), icon(ICONS.check, 18)))));
    show();
    section.hidden = false;
  }).catch(() => section.remove());  // A page without the question is a page.
  return section;
}

/** Says what the shelves follow, with a way to choose anew. */
export function tasteLine(chosen, again) {
  return h("p", { class: "tastes-line" }, `You like ${chosen.map((id) => id.split(" > ").at(-1)).join(", ")}. `,
    h("button", { type: "button", class: "button-plain", onclick: () => { sessionStorage.removeItem(key()); again(); } }, "Choose anew"));
}
