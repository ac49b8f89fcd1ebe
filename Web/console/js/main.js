// Starts the console: log-in, navigation, and one page for each address.

import { h, fill } from "/js/dom.js";
import { parseAddress } from "/js/address.js";
import { login, logout, me, whenSignedOut } from "./client.js";
import { failure } from "./parts.js";
import { overviewPage } from "./overview.js";
import { queriesPage, analyserPage } from "./queries.js";
import { comparePage } from "./compare.js";
import { rulesPage, fixPage } from "./rules.js";
import { peoplePage } from "./people.js";
import { newItemsPage } from "./new-items.js";
import { networksPage } from "./networks.js";
import { generationsPage, auditPage, reportPage } from "./operations.js";

const PAGES = [
  ["", "Overview", overviewPage], ["queries", "Queries", queriesPage], ["analyser", "Query analyser", analyserPage], ["compare", "Compare", comparePage], ["rules", "Rules", rulesPage], ["people", "People", peoplePage], ["new-items", "New items", newItemsPage], ["networks", "Networks", networksPage],
  ["generations", "Generations", generationsPage], ["audit", "Audit log", auditPage], ["report", "Evaluation", reportPage],
];

// Pages that are reached from others.
const INNER_PAGES = [["fix", "Fix a query", fixPage]];

const app = document.getElementById("app");
let person = null;
let controller = null;

function showLogin(reason) {
  controller?.abort();
  person = null;
  document.title = "Log in · Souk console";
  const problem = h("div", { id: "login-problem" }, reason && h("p", { class: "message" }, reason));
  const submit = h("button", { type: "submit", class: "button button-large" }, "Log in");
  const form = h("form", {
    class: "login",
    onsubmit: async (event) => {
      event.preventDefault();
      const { name, password } = form.elements;
      submit.disabled = true;
      try {
        person = await login(name.value, password.value);
        person = person?.role ? person : await me();
        showFrame();
      } catch (error) {
        fill(problem, failure(error));
        password.value = "";
        password.focus();
      } finally {
        submit.disabled = false;
      }
    },
  },
  h("h1", null, "Souk console"), problem,
  h("label", null, h("span", null, "Name"), h("input", { type: "text", name: "name", autocomplete: "username", required: true })),
  h("label", null, h("span", null, "Password"), h("input", { type: "password", name: "password", autocomplete: "current-password", required: true })),
  submit, h("a", { href: "/" }, "To the storefront"));
  fill(app, h("main", { class: "login-page", id: "main", tabindex: -1 }, form));
  form.elements.name.focus();
}

function showFrame() {
  fill(app, h("header", { class: "console-head" },
    h("a", { class: "console-brand", href: "#/" }, "Souk", h("span", null, "console")),
    h("nav", { class: "console-nav", "aria-label": "Main" }, PAGES.map(([name, title]) => h("a", { href: `#/${name}`, data: { page: name } }, title))),
    h("div", { class: "console-person" }, h("span", null, person.name, " · ", person.role ?? ""),
      h("button", { type: "button", class: "link-button", id: "logout", onclick: async () => { await logout().catch(() => null); showLogin("You are logged out."); } }, "Log out"))),
  h("main", { class: "console-main", id: "main", tabindex: -1 }));
  showPage();
}

async function showPage() {
  if (!person) return;
  controller?.abort();
  const mine = controller = new AbortController();
  const { path, query } = parseAddress();
  const [name, title, page] = [...PAGES, ...INNER_PAGES].find(([each]) => each === (path[0] ?? "")) ?? PAGES[0];
  document.title = `${title} · Souk console`;
  for (const link of document.querySelectorAll("[data-page]")) {
    if (link.dataset.page === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const root = document.getElementById("main");
  try {
    const drawing = page(root, { query, signal: mine.signal, navigate: (address) => { if (location.hash === address) showPage(); else location.hash = address; }, person });
    root.querySelector("h1")?.focus({ preventScroll: true });
    await drawing;
  } catch (error) {
    if (!mine.signal.aborted) root.append(failure(error));
  }
}

async function start() {
  whenSignedOut(() => showLogin("The session has ended: log in again."));
  addEventListener("hashchange", showPage);
  document.querySelector(".skip-link").addEventListener("click", (event) => { event.preventDefault(); document.getElementById("main")?.focus(); });
  try {
    person = await me();
    showFrame();
  } catch {
    showLogin();  // No session yet, or an ended one: the same form serves both.
  }
}

start();
