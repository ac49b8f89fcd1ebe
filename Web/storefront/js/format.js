// Numbers and money for people. Money is summed in integers.

const SCALE = 10_000;
const money = new Map();

/** Ten-thousandths of a currency unit, exact for prices of up to four decimals. */
export function moneyUnits(text) {
  const match = /^(-?)(\d{1,10})(?:\.(\d{1,4}))?\d*$/.exec(text ?? "");
  if (!match) return 0;
  const units = Number(match[2]) * SCALE + Number((match[3] ?? "").padEnd(4, "0"));
  return match[1] ? -units : units;
}

export function formatUnits(units, currency) {
  if (!money.has(currency)) {
    money.set(currency, new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency }));
  }
  return money.get(currency).format(units / SCALE);
}

export function formatMoney(text, currency) {
  return formatUnits(moneyUnits(text), currency);
}

const counts = new Intl.NumberFormat(document.documentElement.lang);
export const formatCount = (count) => counts.format(count);

const oneDecimal = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
export const formatOneDecimal = (value) => oneDecimal.format(value);

export function plural(count, one, many = `${one}s`) {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** `Grocery › Soft drinks`. */
export const formatPath = (path) => path.join(" › ");
