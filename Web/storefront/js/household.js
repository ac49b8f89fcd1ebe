// The household that the demo shops for; empty for an unknown visitor.

import { storageKey } from "./api.js";

const changes = new EventTarget();

export function household() {
  return localStorage.getItem(storageKey("household")) ?? "";
}

export function chooseHousehold(identifier) {
  if (identifier) localStorage.setItem(storageKey("household"), identifier);
  else localStorage.removeItem(storageKey("household"));
  changes.dispatchEvent(new Event("change"));
}

/** Whether what the household usually buys weighs in the order of searches. */
export function isPersonal() {
  return localStorage.getItem("souk.personal") !== "0";
}

export function choosePersonal(isOn) {
  localStorage.setItem("souk.personal", isOn ? "1" : "0");
}

export function onHouseholdChange(action) {
  changes.addEventListener("change", action);
}
