// What a recommendation's score is made of, in words that a shop uses.

const PARTS = {
  candidates: "Usual for what is proposed", own: "Own purchases and rhythm", people: "Like-minded people", together: "Bought together",
  sales: "Sales and trend", price: "Price and promotion", taste: "Taste", habits: "Type and category habits",
  proposal: "All of it as the first stage adds it up",
};

/** All parts of the hybrid, in the order in which they are drawn. */
export const PART_NAMES = Object.keys(PARTS);

export function contributionName({ model, part }) {
  return PARTS[part] ?? (part ?? model).replaceAll("_", " ");
}

/** Contributions with a value, those of known parts in one order, others behind them. */
export function contributionsOf(card) {
  const place = ({ part }) => (PART_NAMES.indexOf(part) + PART_NAMES.length + 1) % (PART_NAMES.length + 1);
  return (card.contributions ?? []).filter(({ value }) => Number.isFinite(value)).sort((one, other) => place(one) - place(other));
}
