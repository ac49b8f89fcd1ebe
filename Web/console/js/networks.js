// The networks that souk-train trains: their curves, also while they are drawn, their figures and reports.

import { h, fill } from "/js/dom.js";
import { read } from "./client.js";
import { tile, panel, table, count, decimal, moment, failure } from "./parts.js";

const POLL_MS = 5000;

export async function networksPage(root, { query, signal, navigate }) {
  const place = h("div");
  fill(root, h("h1", { tabindex: -1 }, "Networks"), place);
  let curves = null;
  const poll = async () => {
    try {
      const answer = await read("networks", signal);
      const chosen = answer.networks.find(({ name }) => name === query.get("name"))
        ?? answer.networks.toSorted((a, b) => (b.updated ?? "").localeCompare(a.updated ?? ""))[0];
      const log = chosen && ([...chosen.earlier, chosen].find((each) => query.has("part") && partName(each) === query.get("part")) ?? chosen);
      if (!curves || curves.name !== chosen?.name || curves.part !== partName(log)) {
        curves?.destroy();
        curves = chosen ? drawing(chosen.name, partName(log)) : null;
        fill(place, h("div", { class: "network-list" }), curves?.parts ?? "");
      }
      fill(place.firstChild, list(answer, chosen, navigate), chosen && parts(chosen, log, navigate));
      curves?.update(chosen, log);
    } catch (error) {
      if (signal.aborted) return;
      curves?.destroy();
      curves = null;
      fill(place, failure(error));
    }
    if (!signal.aborted) setTimeout(() => { if (!signal.aborted) poll(); }, POLL_MS);
  };
  signal.addEventListener("abort", () => curves?.destroy());
  await poll();
}

function list({ networks, has_folder: hasFolder }, chosen, navigate) {
  const hint = hasFolder ? "Nothing is trained yet: make train, or souk-train with a --folder in this place."
    : "Start the server with --networks DIR (and --reports DIR) to see what souk-train trains.";
  return panel("Trained and training", {}, table([
    ["Network", (row) => h("button", { type: "button", class: "link-button", "aria-pressed": String(row.name === chosen?.name), onclick: () => navigate(`#/networks?${new URLSearchParams({ name: row.name })}`) }, row.name)],
    ["State", (row) => row.running ? h("span", { class: "tag tag-due" }, "training") : row.versions.length > 0 ? `version ${row.versions.at(-1).version}` : "stopped"],
    ["Epochs", (row) => count(row.epochs.length), "number"], ["Last epoch", (row) => moment(row.updated), "moment"],
    ["Report", (row) => row.has_report ? h("a", { href: `/console/networks/${encodeURIComponent(row.name)}/report`, target: "_blank", rel: "noopener" }, "Open") : "–"],
  ], networks, hint));
}

/** What a log is of: a part that chooses the number of epochs, or the one that makes the model. */
function partName(log) {
  return log?.part ?? "final";
}

/** A choice of the parts of a run, where there are several. */
function parts(network, log, navigate) {
  return network.earlier.length > 0 && h("p", { class: "network-parts" }, "Parts of the run: ", [...network.earlier, network].map((each) => [
    h("button", { type: "button", class: "link-button", "aria-pressed": String(each === log), onclick: () => navigate(`#/networks?${new URLSearchParams({ name: network.name, part: partName(each) })}`) }, partName(each)), " "]));
}

/** The panels of one network, which follow its log. */
function drawing(name, part) {
  const tiles = h("div", { class: "stats" });
  const loss = h("canvas", { role: "img", "aria-label": `Loss of ${name} by epoch` });
  const score = h("canvas", { role: "img", "aria-label": `Score of ${name} on what is held out, by epoch` });
  const figures = h("div");
  const charts = [];
  return {
    name, part,
    parts: [tiles, panel(`${name}: loss`, {}, h("div", { class: "chart-frame" }, loss)),
      panel(`${name}: score on what is held out`, {}, h("div", { class: "chart-frame" }, score)), figures],
    destroy() { for (const chart of charts) chart.destroy(); },
    update(network, { epochs }) {
      const { versions } = network;
      const last = epochs.at(-1);
      const best = epochs.reduce((found, each) => each.validation_score !== null && !(found?.validation_score >= each.validation_score) ? each : found, null);
      fill(tiles, tile("Epochs", count(epochs.length), network.running && network.epochs === epochs && "training goes on"), tile("Loss in training", decimal(last?.training_loss)),
        tile("Best score held out", decimal(best?.validation_score ?? undefined), best && `after epoch ${count(best.epoch)}`),
        tile("An epoch takes", last ? `${decimal(Math.round(last.seconds * 10) / 10)} s` : "–"));
      const series = (member) => epochs.map((each) => each[member]);
      const labels = series("epoch");
      const lines = [[loss, [["training", series("training_loss")], ["held out", series("validation_loss")]]], [score, [["held out", series("validation_score")]]]];
      lines.forEach(([canvas, sets], place) => { charts[place] = lineChart(charts[place], canvas, labels, sets); });
      const metrics = Object.entries(versions.at(-1)?.metrics ?? {});
      fill(figures, metrics.length > 0 && panel(`Version ${versions.at(-1).version}`, {}, table([["Figure", ([title]) => title], ["Value", ([, value]) => decimal(value), "number"]], metrics)));
    },
  };
}

function lineChart(chart, canvas, labels, sets) {
  if (chart) {
    chart.data.labels = labels;
    sets.forEach(([, values], place) => { chart.data.datasets[place].data = values; });
    chart.update("none");
    return chart;
  }
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const colours = [colour("--brand"), colour("--ink-soft")];
  return new window.Chart(canvas, {
    type: "line",
    data: { labels, datasets: sets.map(([label, data], place) => ({ label, data, borderColor: colours[place], backgroundColor: colours[place], borderDash: place > 0 ? [6, 4] : [], pointRadius: labels.length > 40 ? 0 : 3, borderWidth: 2.5, tension: 0.2 })) },
    options: {
      responsive: true, maintainAspectRatio: false, animation: false, interaction: { mode: "index", intersect: false },
      plugins: { legend: { display: sets.length > 1, labels: { color: colour("--ink-soft") } } },
      scales: {
        x: { title: { display: true, text: "epoch", color: colour("--ink-soft") }, ticks: { color: colour("--ink-soft"), maxTicksLimit: 12, maxRotation: 0 }, grid: { display: false } },
        y: { ticks: { color: colour("--ink-soft") }, grid: { color: colour("--line") } },
      },
    },
  });
}
