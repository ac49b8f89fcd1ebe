// The catalogue has no photographs: each product gets a drawn tile, coloured by department, with a glyph by its type.

import { svg } from "./dom.js";

/** Hue of a department's tiles, by words of its name; others get a hue from their name. */
const HUES = [
  [/produce|salad/i, 96], [/floral|garden/i, 330], [/seafood/i, 196], [/meat/i, 6], [/deli|chef|restaurant/i, 28],
  [/pastry|bakery/i, 36], [/frozen/i, 210], [/cosmetic/i, 312], [/nutrition/i, 150], [/drug|general/i, 258],
  [/spirit|wine|beer/i, 345], [/grocery/i, 44], [/dairy/i, 220], [/fuel|auto/i, 18],
];

// Line drawings on a 48-unit grid; "|" separates strokes.
const GLYPHS = {
  bottle: "M20 6h8v7l4 6v21a3 3 0 0 1-3 3H19a3 3 0 0 1-3-3V19l4-6z|M16 24h16|M16 34h16",
  can: "M15 10h18l2 5v23l-2 4H15l-2-4V15z|M13 15h22|M13 37h22|M24 22c-3 4-4 5-4 7.500a4 4 0 0 0 8 0c0-2.500-1-3.500-4-7.500",
  apple: "M24 17c-4-4-13-3-13 8c0 8 5 16 9 16c2 0 2.500-1 4-1s2 1 4 1c4 0 9-8 9-16c0-11-9-12-13-8|M24 17c0-5 2-9 6-10",
  banana: "M13 8c-1 16 8 28 24 30c2 0 3-2 2-3c-12-3-20-12-22-27z|M13 8l-1-3h4l1 3|M19 24c3 5 7 8 12 10",
  carrot: "M30 18c-4-4-10-3-12 2L8 40l20-10c5-2 6-8 2-12|M30 18c0-6 4-9 9-9|M30 18c6 0 9-4 9-9|M20 24l4 4|M15 32l3 3",
  leaf: "M10 38C8 18 20 9 40 9c0 20-9 32-29 30|M8 42c6-12 14-18 22-22",
  cheese: "M6 30L32 12c6 2 10 8 10 18v8H6z|M6 30h36|M16 34.500h.1|M27 23a3 3 0 1 0 .1 0|M34 34h.1",
  milk: "M17 7h14v6l5 8v20H12V21l5-8z|M12 21h24|M17 13h14|M18 31c4-3 8 3 12 0",
  yogurt: "M11 15h26l-4 26H15z|M9 10h30v5H9z|M18 27c4-4 8 4 12 0",
  fish: "M6 24c6-10 20-12 29-2l7-6v16l-7-6C26 36 12 34 6 24|M14 22h.1|M22 19c2 3 2 7 0 10",
  steak: "M12 12c8-7 24-3 26 9c2 9-5 10-8 14c-4 6-14 8-19 2c-4-5-2-8-2-13c0-5-1-9 3-12|M28 17a4 4 0 1 0 .1 0|M17 34c4 2 7 0 10-4",
  ham: "M10 30c-4-10 6-21 17-19c10 2 15 10 11 18c-5 10-22 12-28 1|M10 30l-4 4|M23 21a5 4 0 1 0 .1 0",
  ice: "M24 5v38|M7.500 14.500l33 19|M40.500 14.500l-33 19|M19 8l5 5l5-5|M19 40l5-5l5 5",
  cone: "M14 21a10 10 0 1 1 20 0|M12 21h24L24 44z|M18 22l9 15|M30 22l-9 15",
  cup: "M9 17h25v13a9 9 0 0 1-9 9h-7a9 9 0 0 1-9-9z|M34 20h3a4 4 0 0 1 0 11h-3.500|M17 6c-2 3 2 4 0 7|M25 6c-2 3 2 4 0 7",
  wine: "M15 6h18c2 12-1 20-9 20s-11-8-9-20|M24 26v15|M16 42h16|M15 15h18",
  beer: "M11 16h21v23a3 3 0 0 1-3 3H14a3 3 0 0 1-3-3z|M32 20h4a3 3 0 0 1 3 3v9a3 3 0 0 1-3 3h-4|M11 16c-3-6 4-10 7-6c3-6 12-3 10 1c4-1 6 3 4 5|M18 23v12|M25 23v12",
  cookie: "M24 6a18 18 0 1 0 18 18c-4 1-7-1-7-5c-4 1-7-2-6-6c-4 0-6-3-5-7|M18 20h.1|M17 30h.1|M27 27h.1|M28 36h.1",
  candy: "M24 15a9 9 0 1 0 .1 0|M16.500 19L7 12v10l8 3|M31.500 29l9.500 7V26l-8-3|M20 18c0 6 3 10 8 12",
  egg: "M24 6c-8 0-13 13-13 20a13 13 0 0 0 26 0c0-7-5-20-13-20|M17 27a7 7 0 0 0 4 7",
  bag: "M13 7h22l-2 5c3 8 3 16 0 24l2 5H13l2-5c-3-8-3-16 0-24z|M15 12h18|M15 36h18|M24 18c-5 1-6 6-3 9s8 0 7-5c0-2-2-4-4-4",
  jar: "M14 7h20v6H14z|M16 13c-4 3-5 5-5 9v16a4 4 0 0 0 4 4h18a4 4 0 0 0 4-4V22c0-4-1-6-5-9|M11 24h26|M11 35h26",
  bowl: "M6 22h36c0 11-6 18-14 19h-8C12 40 6 33 6 22|M17 6c-3 4 3 5 0 10|M25 6c-3 4 3 5 0 10|M33 6c-3 4 3 5 0 10",
  pizza: "M5 13c12-8 26-8 38 0L24 43z|M8.500 17c10-6 21-6 31 0|M21 24a2 2 0 1 0 .1 0|M29 25a2 2 0 1 0 .1 0|M24 33h.1",
  cake: "M7 26c0-4 3-6 6-6h22c3 0 6 2 6 6v15H7z|M7 28c4 4 7 4 11 0c4 4 8 4 12 0c4 4 7 4 11 0|M24 20v-8|M24 8h.1",
  bread: "M11 24c-6-3-5-14 5-14h16c10 0 11 11 5 14v16H11z|M18 19l3 3|M26 19l3 3",
  flower: "M24 14a6 6 0 1 0 .1 0|M24 14c-6-10 6-10 0 0|M30 18c8-7 12 3 1.500 3|M30 23c9 4 1 12-3 3|M18 23c-9 4-1 12 3 3|M18 18c-8-7-12 3-1.500 3|M24 27v16|M24 38c5 0 8-2 10-6",
  pill: "M10 38a9 9 0 0 1 0-13l15-15a9 9 0 0 1 13 13L23 38a9 9 0 0 1-13 0|M17.500 17.500l13 13",
  pump: "M14 21h20v18a3 3 0 0 1-3 3H17a3 3 0 0 1-3-3z|M19 21v-5h10v5|M24 16V8|M31 12c0-3-2-4-5-4h-6|M14 31h20",
  lipstick: "M17 25h14v17H17z|M19 25v-7h10v7|M20 18v-8c5 0 8 3 8 6v2|M17 32h14",
  brush: "M8 40L27 21|M30 11l7 7l-7 7l-7-7z|M33 8l7 7|M12 32l4 4",
  baby: "M17 19h14v20a3 3 0 0 1-3 3h-8a3 3 0 0 1-3-3z|M15 14h18v5H15z|M20 14c0-3 1-3 2-5a2 2 0 0 1 4 0c1 2 2 2 2 5|M24 26h7|M24 33h7",
  paw: "M24 24c-5 0-11 7-9 12c2 4 6 1 9 1s7 3 9-1c2-5-4-12-9-12|M12 20a3 4 0 1 0 .1 0|M19 11a3 4 0 1 0 .1 0|M29 11a3 4 0 1 0 .1 0|M36 20a3 4 0 1 0 .1 0",
  book: "M24 13c-5-4-11-4-17-3v27c6-1 12-1 17 3c5-4 11-4 17-3V10c-6-1-12-1-17 3|M24 13v27",
  card: "M6 12h36v26H6z|M6 13l18 15l18-15",
  gift: "M8 20h32v22H8z|M6 14h36v6H6z|M24 14v28|M24 14c-4-10-15-8-11 0|M24 14c4-10 15-8 11 0",
  toy: "M9 9h30v0l-3 12l3 3v18H9V24l3-3z|M17 31h.1|M31 31h.1|M19 37h10",
  candle: "M17 22h14v20H17z|M24 22v-4|M24 6c-5 6-4 10 0 11c4-1 5-5 0-11",
  bulb: "M18 34c0-5-6-8-6-16a12 12 0 0 1 24 0c0 8-6 11-6 16z|M18 38h12|M21 42h6|M24 34V23|M20 19l4 4l4-4",
  pan: "M5 20h27v7a10 10 0 0 1-10 10h-7A10 10 0 0 1 5 27z|M32 23l12-5|M12 13c-2-3 2-4 0-7|M22 13c-2-3 2-4 0-7",
  roll: "M16 8h18v32H16|M16 8a6 16 0 1 0 .1 0|M16 20a2 4 0 1 0 .1 0|M34 40l4 2V12",
  spray: "M17 20h14v19a3 3 0 0 1-3 3h-8a3 3 0 0 1-3-3z|M20 20v-6h8v6|M20 14V8h11v4h-3|M36 7h.1|M40 11h.1|M36 14h.1",
  grain: "M24 44V14|M24 22c-7 0-9-4-9-8c6 0 9 3 9 8|M24 22c7 0 9-4 9-8c-6 0-9 3-9 8|M24 33c-7 0-9-4-9-8c6 0 9 3 9 8|M24 33c7 0 9-4 9-8c-6 0-9 3-9 8|M24 14c-3-3-3-6 0-9c3 3 3 6 0 9",
  taco: "M5 35a19 19 0 0 1 38 0z|M11 30c3-9 8-12 13-12|M12 20c0-4 4-5 6-3c1-4 6-5 8-1c4-2 8 1 7 5",
  fuel: "M9 42V10a3 3 0 0 1 3-3h13a3 3 0 0 1 3 3v32|M6 42h25|M13 13h11v9H13z|M28 24h3a3 3 0 0 1 3 3v7a3 3 0 0 0 6 0V18l-6-7",
  box: "M7 15l17-8l17 8v19l-17 8l-17-8z|M7 15l17 8l17-8|M24 23v19|M15.500 11l17 8",
};

// The first expression that matches a product's type and title decides; narrow ones come first.
const RULES = [
  [/banana|plantain/i, "banana"], [/ice cream|sherbet|popsicle|novelt/i, "cone"], [/pizza/i, "pizza"],
  [/dog|cat food|cat litter|pet |pet$|bird seed/i, "paw"], [/baby|infant|diaper|formula/i, "baby"],
  [/yogurt|pudding|sour cream|margarine|butter|spread/i, "yogurt"], [/egg/i, "egg"],
  [/taco|tortilla|hispanic|mexican|burrito/i, "taco"], [/soup|noodle|ramen|chili|stew/i, "bowl"],
  [/coffee|tea\b|teas\b|cocoa|espresso/i, "cup"], [/wine|champagne/i, "wine"], [/beer|ale\b|ales\b|lager|malt/i, "beer"],
  [/spirit|vodka|whisk|rum\b|gin\b|liquor|tequila/i, "wine"],
  [/soft drink|soda|cola|sft drnk|energy drink|canned juice/i, "can"], [/juice|water|drink|beverage|isotonic|syrup|oil\b|vinegar/i, "bottle"],
  [/milk|cream\b|creamer|dairy/i, "milk"], [/cheese/i, "cheese"],
  [/cookie|cracker|biscuit|brownie/i, "cookie"], [/candy|chocolate|gum\b|sweets|confection/i, "candy"],
  [/cake|pie\b|pies\b|donut|muffin|pastry|sweet goods|danish/i, "cake"], [/bread|bun\b|buns|roll\b|rolls|bagel|bakery/i, "bread"],
  [/cereal|rice|pasta|flour|grain|oat|baking|bean|mix\b|mixes/i, "grain"], [/chip|snack|popcorn|pretzel|nuts?\b|jerky/i, "bag"],
  [/seafood|fish|shrimp|salmon|tuna|crab/i, "fish"], [/ham\b|bacon|sausage|lunchmeat|deli meat|hot dog|frank|turkey|chicken|poultry/i, "ham"],
  [/beef|pork|meat|lamb|veal|steak/i, "steak"], [/apple|fruit|berr|citrus|orange|grape|melon|pear\b|peach|mango/i, "apple"],
  [/salad|lettuce|herb|spinach|organic/i, "leaf"], [/vegetable|carrot|potato|onion|tomato|pepper|corn\b|mushroom|broccoli|produce/i, "carrot"],
  [/frozen|frzn|entree|waffle/i, "ice"], [/sauce|dressing|condiment|pickle|jam\b|jell|peanut|spice|extract|mayo|ketchup|mustard|olive/i, "jar"],
  [/makeup|cosmetic|nail|lip\b/i, "lipstick"], [/oral|tooth|dental|razor|shav|brush/i, "brush"],
  [/hair|shampoo|soap|lotion|body|skin|deodor|bath|hand\//i, "pump"],
  [/vitamin|cold and|analgesic|medicine|remed|antacid|first aid|nutrition|diet|pharm|drug/i, "pill"],
  [/deterg|clean|bleach|air care|insect|laundry|softener/i, "spray"], [/paper|tissue|towel|napkin|bath tissue|plates|foil|bags?\b/i, "roll"],
  [/magazine|book|newspaper/i, "book"], [/greeting|card|stationery|school|office/i, "card"],
  [/gift|seasonal|christmas|halloween|easter|party|valentine/i, "gift"], [/toy|game/i, "toy"], [/candle/i, "candle"],
  [/bulb|battery|electric|audio|video|photo|hardware/i, "bulb"], [/kitchen|cook|pan\b|gadget|houseware|glassware|restaurant|chef/i, "pan"],
  [/flower|floral|rose|plant|garden|bouquet/i, "flower"], [/fuel|gas\b|auto/i, "fuel"], [/canned|can\b|shelf stable/i, "can"],
  [/grocery/i, "bag"], [/deli/i, "ham"],
];

/** A number from 0 to 2³²-1 that depends on the text alone (FNV-1a). */
export function hash(text) {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}

export function glyphName(words) {
  return RULES.find(([pattern]) => pattern.test(words))?.[1] ?? "box";
}

/** Type and title first, then the categories above them, from the narrowest. */
function glyphFor(path, title) {
  for (const words of [...path.slice(1)].reverse().concat(title, path[0] ?? "")) {
    const name = glyphName(words ?? "");
    if (name !== "box") return name;
  }
  return "box";
}

export function hue(department) {
  return HUES.find(([pattern]) => pattern.test(department))?.[1] ?? hash(department) % 360;
}

function drawing(name, properties) {
  return svg("g", properties, GLYPHS[name].split("|").map((d) => svg("path", { d })));
}

/** A square tile for a product: the same product always gets the same picture. */
export function productTile(card) {
  const path = card.product_type ?? [];
  const seed = hash(card.id);
  const name = glyphFor(path, card.title ?? "");
  // Products of one department differ a little in hue, and in where the light falls.
  const angle = (hue(path[0] ?? "") + (hash(path.slice(0, 2).join("/")) % 29) - 14 + 360) % 360;
  const x = 20 + (seed % 61), y = 16 + ((seed >>> 8) % 40), radius = 42 + ((seed >>> 16) % 22), tilt = ((seed >>> 4) % 13) - 6;
  return svg("svg", { class: "tile", viewBox: "0 0 120 120", "aria-hidden": "true", focusable: "false", preserveAspectRatio: "xMidYMid slice" },
    svg("rect", { width: 120, height: 120, fill: `hsl(${angle} 46% 88%)`, class: "tile-ground" }),
    svg("circle", { cx: x, cy: y, r: radius, fill: `hsl(${angle} 60% 93%)`, class: "tile-light" }),
    svg("circle", { cx: 120 - x / 2, cy: 118, r: radius * 0.7, fill: `hsl(${(angle + 16) % 360} 48% 81%)`, class: "tile-shade" }),
    svg("ellipse", { cx: 60, cy: 95, rx: 25, ry: 3.5, fill: `hsl(${angle} 40% 60%)`, opacity: 0.35 }),
    drawing(name, {
      transform: `rotate(${tilt} 60 58) translate(28.800 27) scale(1.300)`, fill: `hsl(${angle} 70% 97%)`, "fill-opacity": 0.72,
      stroke: `hsl(${angle} 52% 29%)`, "stroke-width": 2.1, "stroke-linecap": "round", "stroke-linejoin": "round",
    }));
}

/** A department's tile: its glyph alone. */
export function departmentGlyph(name) {
  const angle = hue(name);
  const glyph = DEPARTMENTS.find(([pattern]) => pattern.test(name))?.[1] ?? glyphName(name);
  return svg("svg", { class: "department-glyph", viewBox: "0 0 48 48", width: 40, height: 40, "aria-hidden": "true", focusable: "false" },
    drawing(glyph, {
      fill: `hsl(${angle} 70% 92%)`, stroke: `hsl(${angle} 50% 32%)`, "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round",
    }));
}

const DEPARTMENTS = [[/seafood/i, "fish"], [/meat/i, "steak"], [/produce/i, "apple"], [/drug|general/i, "pump"], [/frozen/i, "ice"], [/deli/i, "cheese"]];
