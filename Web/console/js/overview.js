// The first page: what the shop holds, and what happens now.

import { h, fill } from "/js/dom.js";
import { read } from "./client.js";
import { tile, panel, table, count, decimal, milliseconds, moment, bytes, failure } from "./parts.js";

const POLL_MS = 5000;

export async function overviewPage(root, { signal }) {
  const tiles = h("div", { class: "stats" });
  const latency = h("div", { class: "stats" });
  const canvas = h("canvas", { role: "img", "aria-label": "Events per minute over the last hour" });
  const summary = h("p", { class: "panel-note", id: "live-summary" });
  const models = h("div");
  fill(root, h("h1", { tabindex: -1 }, "Overview"), tiles,
    panel("Events per minute", {}, summary, h("div", { class: "chart-frame" }, canvas)), panel("Answering", {}, latency), models);
  const overview = await read("overview", signal);
  fill(tiles, tile("Products", count(overview.items)), tile("Events", count(overview.events), overview.synthetic_events > 0 && `${count(overview.synthetic_events)} of them synthetic`),
    tile("Shoppers", count(overview.users)), tile("Generation", count(overview.generation)),
    tile("Index", bytes(overview.index?.bytes), `${count(overview.index?.documents)} documents, ${count(overview.index?.segments)} ${overview.index?.segments === 1 ? "segment" : "segments"}`));
  fill(models, panel("Models in service", {}, table([
    ["Model", (row) => row.name], ["Version", (row) => row.version, "number"], ["Made", (row) => moment(row.created), "moment"],
    ["Figures", (row) => Object.entries(row.metrics ?? {}).map(([name, value]) => `${name} ${decimal(value)}`).join(", ") || "–"],
  ], overview.models ?? [])));
  const isSynthetic = overview.synthetic_events > 0 || (await read("queries?kind=top", signal)).synthetic;
  let chart = null;
  const poll = async () => {
    try {
      const live = await read("live", signal);
      const minutes = live.events_per_minute ?? [];
      chart = drawChart(chart, canvas, minutes);
      const total = minutes.reduce((sum, each) => sum + each.count, 0);
      summary.replaceChildren(`${count(total)} events in the last hour, ${count(minutes.at(-1)?.count ?? 0)} in the latest minute. `, isSynthetic ? h("span", { class: "synthetic" }, "may include synthetic") : "");
      fill(latency, tile("Searches", count(live.searches)), tile("Requests a second", decimal(live.requests_per_second)),
        tile("Median time", milliseconds(live.latency_ms?.p50)), tile("99th percentile", milliseconds(live.latency_ms?.p99)));
    } catch (error) {
      if (signal.aborted) return;
      summary.replaceChildren(failure(error));
    }
    if (!signal.aborted) setTimeout(() => { if (!signal.aborted) poll(); }, POLL_MS);
  };
  signal.addEventListener("abort", () => chart?.destroy());
  await poll();
}

function drawChart(chart, canvas, minutes) {
  const labels = minutes.map(({ minute }) => minute.slice(11, 16));
  const values = minutes.map((each) => each.count);
  if (chart) {
    chart.data.labels = labels;
    chart.data.datasets[0].data = values;
    chart.update("none");
    return chart;
  }
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  return new window.Chart(canvas, {
    type: "line",
    data: { labels, datasets: [{ label: "Events", data: values, borderColor: colour("--brand"), backgroundColor: `${colour("--brand")}22`, fill: true, tension: 0.3, pointRadius: 0, pointHitRadius: 12, borderWidth: 2.5 }] },
    options: {
      responsive: true, maintainAspectRatio: false, animation: false, interaction: { mode: "index", intersect: false },
      plugins: { legend: { display: false } },
      scales: {
        x: { ticks: { color: colour("--ink-soft"), maxTicksLimit: 10, maxRotation: 0 }, grid: { display: false } },
        y: { beginAtZero: true, ticks: { color: colour("--ink-soft"), precision: 0 }, grid: { color: colour("--line") } },
      },
    },
  });
}
