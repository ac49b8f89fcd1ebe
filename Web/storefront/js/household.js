// The household that the demo shops for; empty for an unknown visitor.

const KEY = "souk.household";
const changes = new EventTarget();

export function household() {
  return localStorage.getItem(KEY) ?? "";
}

export function chooseHousehold(identifier) {
  if (identifier) localStorage.setItem(KEY, identifier);
  else localStorage.removeItem(KEY);
  changes.dispatchEvent(new Event("change"));
}

export function onHouseholdChange(action) {
  changes.addEventListener("change", action);
}
