// Generations with reload and roll-back, the audit log, the evaluation report.

import { h, fill } from "/js/dom.js";
import { read, reload, rollback } from "./client.js";
import { panel, table, moment, failure } from "./parts.js";

export async function generationsPage(root, { signal, person, navigate }) {
  const message = h("div", { role: "status" });
  const list = h("div");
  const isAdmin = person.role === "admin";
  const act = async (action, done) => {
    try {
      await action();
      fill(message, h("p", { class: "message message-good" }, done));
      await show();
    } catch (error) {
      fill(message, failure(error));
    }
  };
  fill(root, h("h1", { tabindex: -1 }, "Generations"),
    h("p", { class: "panel-note" }, "A generation is one index and the models made with it. The server answers from one at a time; older ones stay, so that a roll-back is immediate."),
    h("div", { class: "tool-form" }, isAdmin ? h("button", { type: "button", class: "button", id: "reload", onclick: () => act(reload, "The published generation is loaded.") }, "Load what is published") : h("p", { class: "table-empty" }, "Only an admin can reload or roll back.")),
    message, list);

  async function show() {
    const answer = await read("generations", signal);
    const rows = answer.generations ?? [];
    fill(list, panel("Published", {}, table([
      ["Generation", (row) => [row.generation, (row.current ?? row.generation === answer.current) && h("span", { class: "tag tag-good" }, "in service")]],
      ["Made", (row) => moment(row.created ?? row.published), "moment"], ["Index", (row) => typeof row.index === "string" ? row.index : row.index?.version ?? "–"],
      ["Models", (row) => Array.isArray(row.models) ? row.models.map((model) => typeof model === "string" ? model : `${model.name} ${model.version ?? ""}`).join(", ") : Object.entries(row.models ?? {}).map(([name, version]) => `${name} ${version}`).join(", ") || "–"],
      ["", (row) => isAdmin && !(row.current ?? row.generation === answer.current) ? rollbackButton(row.generation) : ""],
    ], rows)));
  }

  /** Asks once more before it acts, without a dialogue that blocks. */
  function rollbackButton(generation) {
    const button = h("button", { type: "button", class: "button button-quiet button-small" }, "Roll back");
    let isArmed = false;
    button.addEventListener("click", () => {
      if (isArmed) { act(() => rollback(generation), `Generation ${generation} is in service.`); return; }
      isArmed = true;
      button.textContent = `Really go to ${generation}?`;
      setTimeout(() => { isArmed = false; button.textContent = "Roll back"; }, 5000);
    });
    return button;
  }
  await show();
}

export async function auditPage(root, { signal, person }) {
  fill(root, h("h1", { tabindex: -1 }, "Audit log"));
  if (person.role === "admin") {
    const { keys } = await read("keys", signal);
    root.append(panel("API keys", {}, table([
      ["Key", (row) => [row.name, row.revoked && h("span", { class: "tag" }, "revoked")]], ["May", (row) => row.scopes.join(", ")], ["Made", (row) => moment(row.created), "moment"],
      ["Last used", (row) => row.last_used ? moment(row.last_used) : "never"],
    ], keys ?? [], "No keys yet: souk keys create makes one.")));
  }
  const { entries } = await read("audit", signal);
  root.append(panel("Who changed what", {}, table([
    ["Time", (row) => moment(row.time), "moment"], ["Person", (row) => row.person], ["Action", (row) => row.action], ["Detail", (row) => typeof row.detail === "string" ? row.detail : JSON.stringify(row.detail ?? "")],
  ], entries ?? [])));
}

/** The report has styles of its own, so it opens in its own window rather than in a frame of this page. */
export async function reportPage(root, { signal }) {
  const place = h("div", { class: "panel" }, h("p", { class: "panel-note" }, "How good search and recommendations are on held-out data, with tables and plots. Synthetic events never count in it."));
  fill(root, h("h1", { tabindex: -1 }, "Evaluation report"), place);
  const { has_report: hasReport } = await read("overview", signal);
  place.append(hasReport ? h("a", { class: "button", href: "/console/report", target: "_blank", rel: "noopener" }, "Open the report")
    : h("p", { class: "message" }, "There is no report yet: run souk evaluate baskets --report SHOP/report.html."));
}
