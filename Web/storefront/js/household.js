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
