// Tiles, tables and messages that all pages of the console use.

import { h } from "/js/dom.js";

const counts = new Intl.NumberFormat("en");
const decimals = new Intl.NumberFormat("en", { maximumFractionDigits: 4 });
const times = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });

export const count = (value) => Number.isFinite(value) ? counts.format(value) : "–";
export const decimal = (value) => Number.isFinite(value) ? decimals.format(value) : String(value ?? "–");
export const milliseconds = (value) => Number.isFinite(value) ? `${value < 10 ? value.toFixed(1) : Math.round(value)} ms` : "–";
export const path = (parts) => (parts ?? []).join(" › ");

export function moment(text) {
  const date = new Date(text ?? "");
  return Number.isNaN(date.valueOf()) ? String(text ?? "–") : `${times.format(date)} UTC`;
}

export function bytes(value) {
  if (!Number.isFinite(value)) return "–";
  const power = Math.min(3, Math.floor(Math.log10(Math.max(1, value)) / 3));
  return `${decimals.format(Math.round(value / 1000 ** power * 10) / 10)} ${["B", "kB", "MB", "GB"][power]}`;
}

export function tile(label, value, note) {
  return h("div", { class: "stat" }, h("p", { class: "stat-label" }, label), h("p", { class: "stat-value" }, value), note && h("p", { class: "stat-note" }, note));
}

export function panel(title, { isSynthetic = false, tools = null } = {}, ...children) {
  return h("section", { class: "panel", "aria-label": title },
    h("div", { class: "panel-head" }, h("h2", null, title), isSynthetic && h("span", { class: "synthetic" }, "synthetic"), tools), children);
}

/** `columns`: [title, cell of a row, "number" for right alignment]. */
export function table(columns, rows, emptyText = "Nothing yet.") {
  if (rows.length === 0) return h("p", { class: "table-empty" }, emptyText);
  return h("div", { class: "table-frame", tabindex: 0, role: "region", "aria-label": "Table" }, h("table", null,
    h("thead", null, h("tr", null, columns.map(([title, , kind]) => h("th", { scope: "col", class: kind ? `is-${kind}` : null }, title)))),
    h("tbody", null, rows.map((row) => h("tr", null, columns.map(([, cell, kind]) => h("td", { class: kind ? `is-${kind}` : null }, cell(row))))))));
}

export function failure(error) {
  return h("p", { class: "message message-bad", role: "alert" }, error.message);
}

/** A bar from 0 to 1. */
export function bar(share) {
  const inner = h("span");
  inner.style.width = `${Math.max(0, Math.min(1, share)) * 100}%`;
  return h("span", { class: "bar", "aria-hidden": "true" }, inner);
}
