#!/usr/bin/env python3
"""A stand-in for the shop server, so that the pages can be tested alone: a handful of products, no randomness.

    mock_server.py [PORT]        serves Web/ and var/web/vendor; port 0 (the default) takes a free one and prints it

`/__mock/events` returns the events received, `/__mock/reset` forgets them; both exist only here.
"""

import html
import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

ROOT = Path(__file__).resolve().parents[2]
KEY = "search-key-of-the-demo"
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
          "form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
         ".svg": "image/svg+xml", ".woff2": "font/woff2"}
XSS = "<img src=x onerror=\"document.title='broken'\"> & <b>Bold</b> candy"

KINDS = [  # path, title, sizes, brands, price in cents
    (["Produce", "Bananas", "Yellow bananas"], "Bananas", ["1 lb", "3 lb"], ["National", "Private"], 59),
    (["Grocery", "Soft drinks", "Cola"], "Cola", ["12 oz", "2 l", "20 oz"], ["National", "Private"], 125),
    (["Grocery", "Milk products", "Fluid milk"], "Whole milk", ["1 gal", "64 oz"], ["Private", "National"], 279),
    (["Grocery", "Yogurt", "Greek yogurt"], "Greek yogurt", ["6 oz", "32 oz"], ["National", "Private"], 119),
    (["Grocery", "Frozen pizza", "Pizza, premium"], "Frozen pizza, premium", ["21 oz", "12 oz"], ["National"], 599),
    (["Grocery", "Coffee", "Ground coffee"], "Ground coffee", ["12 oz", "33.9 oz"], ["National", "Private"], 749),
    (["Grocery", "Cold cereal", "All family cereal"], "All family cereal", ["18 oz", "14 oz"], ["National", "Private"], 329),
    (["Grocery", "Dog foods", "Dog food, dry"], "Dog food, dry", ["20 lb", "4.4 lb"], ["National"], 1299),
    (["Grocery", "Ice cream", "Premium ice cream"], "Premium ice cream", ["56 oz", "16 oz"], ["National", "Private"], 449),
    (["Grocery", "Bag snacks", "Potato chips"], "Potato chips", ["11 oz", "5.5 oz"], ["National", "Private"], 299),
    (["Meat", "Beef", "Ground beef"], "Ground beef, lean", ["1 lb", "3 lb"], ["National"], 499),
    (["Deli", "Cheeses", "Cheddar"], "Cheddar cheese", ["8 oz", "16 oz"], ["Private", "National"], 389),
    (["Pastry", "Cakes", "Layer cakes"], "Layer cake, chocolate", ["38 oz"], ["Private"], 1199),
    (["Seafood", "Shrimp", "Cooked shrimp"], "Cooked shrimp", ["16 oz"], ["National"], 999),
    (["Floral", "Roses", "Roses, dozen"], "Roses, a dozen", [""], ["National"], 1499),
    (["Drug and general merchandise", "Hair care products", "Shampoo"], "Shampoo", ["13 oz", "25 oz"], ["National", "Private"], 399),
    (["Drug and general merchandise", "Greeting cards", "Birthday cards"], "Birthday card", [""], ["National"], 299),
    (["Cosmetics", "Makeup and treatment", "Lipstick"], "Lipstick", ["0.15 oz"], ["National"], 899),
    (["Nutrition", "Vitamins", "Multivitamins"], "Multivitamins", ["100 ct"], ["National", "Private"], 1099),
    (["Frozen grocery", "Vegetables", "Mixed vegetables"], "Mixed vegetables, frozen", ["16 oz"], ["Private", "National"], 149),
]


def money(cents):
    return f"{cents // 100}.{cents % 100:02d}"


def catalogue():
    cards, number = [], 0
    for path, title, sizes, brands, cents in KINDS:
        for size_index, size in enumerate(sizes):
            for brand in brands:
                number += 1
                price = cents * (size_index + 1) - (20 if brand == "Private" else 0)
                before = money(price + price // 4) if number % 7 == 3 else None
                cards.append({
                    "id": str(1_000_000 + number * 37), "title": f"{title}, {size}" if size else title, "product_type": path, "brand": brand,
                    "price": None if number == 29 else money(price), "price_before_sale": before, "currency": "USD", "in_stock": number % 11 != 5,
                    "attributes": {"size": [size]} if size else {}, "link": "", "image_link": "", "source_text": " ".join(path).upper(),
                    "rating": None if number % 4 == 0 else {"stars": round(3 + (number * 7 % 24) / 20, 1), "mean": round(2.6 + (number * 7 % 24) / 10, 1), "count": number * 3 % 41 + 1},
                })
    cards.append(dict(cards[0], id="66613", title=XSS, product_type=["Grocery", "Candy <script>", "Candy"], price="1.00", price_before_sale=None, in_stock=True))
    return cards


CARDS = catalogue()
BY_ID = {card["id"]: card for card in CARDS}
VOCABULARY = {word for card in CARDS for word in re.findall(r"[a-z]+", (card["title"] + " " + " ".join(card["product_type"])).lower())}
STORES = [{"id": "1", "name": "Market Street", "synthetic": True}, {"id": "2", "name": "Old Harbour", "synthetic": True}]
REASONS = {"home": "Popular with households like yours", "buy_again": "You buy this about every 9 days", "new_for_you": "New to you: goes with your Greek yogurt",
           "after_purchase": "Goes with Bananas that you bought", "category": "Popular in this category",
           "new_arrivals": "New in the shop for 3 days", "near_you": "Popular at Market Street",
           "similar": "Same type, another size", "bought_together": "In 1 of 6 baskets with this product", "complete_basket": "Often joins what is in your basket"}
SHARED = {"events": [], "seen": set(), "audit": [], "lock": threading.Lock(), "generation": 7}


def distance(left, right):
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]


def correct(word):
    if word in VOCABULARY or len(word) < 4 or any(each.startswith(word) for each in VOCABULARY):
        return word
    near = sorted((distance(word, each), each) for each in VOCABULARY if abs(len(each) - len(word)) <= 2)
    return near[0][1] if near and near[0][0] <= 2 else word


def text_of(card):
    return " ".join([card["title"], *card["product_type"], card["brand"]]).lower()


def highlight(title, words):
    escaped = html.escape(title)
    if not words:
        return escaped
    pattern = "|".join(re.escape(word.rstrip("s")) + r"\w*" for word in words)
    return re.sub(rf"(?<![&\w])({pattern})", r"<mark>\1</mark>", escaped, flags=re.IGNORECASE)


def matches(card, filters, without=None):
    for field, values in filters.items():
        if field == without:
            continue
        if field == "category":
            own = {" > ".join(card["product_type"][:depth]) for depth in (1, 2, 3)}
        else:
            own = {card["brand"]} if field == "brand" else set(card["attributes"].get(field, []))
        if not own & values:
            return False
    return True


def facet_counts(field, cards, filters):
    counts = {}
    for card in cards:
        if field == "category":
            values = [" > ".join(card["product_type"][:depth]) for depth in (1, 2)]
        else:
            values = [card["brand"]] if field == "brand" else card["attributes"].get(field, [])
        for value in values:
            counts[value] = counts.get(value, 0) + 1
    chosen = filters.get(field, set())
    return [{"value": value, "count": count, "selected": value in chosen} for value, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))]


def search(q):
    query = q.get("q", [""])[0]
    understood, plain = [], query.lower()
    price = re.search(r"under \$(\d+)", plain)
    if price and "price" not in q.get("ignore", [""])[0].split(","):
        understood.append({"id": "price", "kind": "price", "text": price[0], "min": None, "max": f"{price[1]}.00"})
        plain = plain.replace(price[0], "")
        q = {**q, "max_price": [price[1]]}
    words = re.findall(r"[\w]+", plain)
    applied, used = [], []
    for word in words:
        better = word if q.get("exact") else correct(word)
        if better != word:
            applied.append({"step": "typo", "from": word, "to": better})
        used.append(better)
    found = [card for card in CARDS if all(word.rstrip("s") in text_of(card) for word in used)]
    filters = {}
    for one in q.get("filter", []):
        field, _, value = one.partition(":")
        filters.setdefault(field, set()).add(value)

    def cents(card):
        return round(float(card["price"]) * 100) if card["price"] else None

    def in_range(card):
        if q.get("in_stock") == ["true"] and not card["in_stock"]:
            return False
        low, high = q.get("min_price"), q.get("max_price")
        if (low or high) and cents(card) is None:
            return False
        return not (low and cents(card) < float(low[0]) * 100) and not (high and cents(card) > float(high[0]) * 100)

    ranged = [card for card in found if in_range(card)]
    hits = [card for card in ranged if matches(card, filters)]
    order = q.get("sort", ["relevance"])[0]
    if order in ("price_asc", "price_desc"):
        hits = sorted(hits, key=lambda card: (cents(card) is None, cents(card) or 0), reverse=order == "price_desc")
    elif order == "title":
        hits = sorted(hits, key=lambda card: card["title"])
    page, per_page = int(q.get("page", ["1"])[0]), int(q.get("per_page", ["24"])[0])
    shown = hits[(page - 1) * per_page:page * per_page]
    items = []
    for index, card in enumerate(shown):
        item = dict(card, highlight={"title": highlight(card["title"], used)}, score=round(12.5 - index * 0.4, 3))
        if q.get("explain"):
            item["explanation"] = {"label": "sum of", "value": item["score"], "children": [
                {"label": f"BM25F({word})", "value": round(item["score"] / max(1, len(used)), 3), "children": [
                    {"label": "idf, 88 of 92331 documents", "value": 6.95, "children": []},
                    {"label": "term frequency, title × 3 + type × 2", "value": round(item["score"] / 6.95 / max(1, len(used)), 3), "children": []}]} for word in used]}
        items.append(item)
    prices = sorted(cents(card) for card in found if cents(card) is not None)
    return {"query": query, "total": len(hits), "page": page, "per_page": per_page, "took_ms": 1.4, "generation": SHARED["generation"], "impression_id": "imp-search-1",
            "applied": applied, "understood": understood, "items": items,
            "facets": dict({field: facet_counts(field, [card for card in ranged if matches(card, filters, field)], filters) for field in q.get("facets", [""])[0].split(",") if field},
                           **({"price": {"min": money(prices[0]), "max": money(prices[-1])}} if prices else {}))}


def suggest(q):
    text, limit = q.get("q", [""])[0].lower().strip(), int(q.get("limit", ["8"])[0])
    queries = [query for query in ["bananas", "banana bread", "banana yogurt", "ground coffee", "greek yogurt", "frozen pizza", "potato chips", "cola"] if query.startswith(text)]
    paths = {}
    for card in CARDS:
        if any(word.startswith(text) for word in re.findall(r"\w+", card["product_type"][1].lower())):
            paths[tuple(card["product_type"][:2])] = paths.get(tuple(card["product_type"][:2]), 0) + 1
    items = [card for card in CARDS if any(word.startswith(text) for word in re.findall(r"\w+", text_of(card)))]
    return {"queries": [{"text": query, "count": 9} for query in queries][:limit], "categories": [{"path": list(path), "count": count} for path, count in paths.items()][:3],
            "items": items[:limit], "took_ms": 0.3}


def recommend(scenario, q):
    excluded = set(q.get("basket", [""])[0].split(",")) | set(q.get("item", [])) | set(q.get("without", [""])[0].split(","))
    start = sum(map(ord, scenario + q.get("user", [""])[0])) % len(CARDS)
    cards = [card for card in CARDS[start:] + CARDS[:start] if card["id"] not in excluded and card["in_stock"] and card["price"]][::3]
    if q.get("diversity", [""])[0].startswith("mmr"):
        cards.reverse()
    items = []
    for index, card in enumerate(cards[:int(q.get("limit", ["12"])[0])]):
        reason = f"Because you like {q['tastes'][0].split(' > ')[-1]}" if q.get("tastes") else REASONS[scenario]
        item = dict(card, reason=reason, score=round(0.9 - index * 0.05, 3))
        if q.get("explain"):
            parts = {"candidates": 0.08, "own": 0.62 - index * 0.03, "people": 0.11, "sales": -0.04, "habits": 0.09 - index * 0.01}
            item["contributions"] = [{"model": "hybrid", "part": part, "value": round(value, 3)} for part, value in parts.items()]
        items.append(item)
    branch = {"store": STORES[int(q.get("store", ["1"])[0]) - 1]} if scenario == "near_you" else {}
    return {**branch, "scenario": scenario, "generation": SHARED["generation"], "impression_id": f"imp-{scenario}", "took_ms": 0.8, "items": items}


def categories():
    counts = {}
    for card in CARDS:
        for depth in (1, 2):
            path = tuple(card["product_type"][:depth])
            counts[path] = counts.get(path, 0) + 977
    return {"categories": [{"path": list(path), "count": count} for path, count in counts.items()]}


def profile(user):
    return {"user": user, "recency_days": 3, "purchases": 1204, "baskets": 96, "spend": "3121.77", "currency": "USD",
            "favourite_categories": [{"path": ["Grocery", "Soft drinks"], "share": 0.31}, {"path": ["Grocery", "Yogurt"], "share": 0.22}, {"path": ["Produce", "Bananas"], "share": 0.11}],
            "private_brand_share": 0.27, "price_level": 0.94,
            "rhythm": [{"item": CARDS[index], "every_days": 7 + index, "last_days_ago": 3 + 2 * index, "due": index > 3, "times": 40 - 3 * index} for index in range(8)],
            "session_interest": [CARDS[20]], "first": "2017-01-02", "last": "2017-12-29"}


def live():
    minutes = [{"minute": f"2026-01-01T10:{minute:02d}:00Z", "count": 40 + minute * 13 % 37, "by_name": {"search": 14 + minute % 5, "view_item": 12 + minute % 7, "add_to_cart": 5 + minute % 3}} for minute in range(60)]
    return {"events_per_minute": minutes, "searches": 4821, "requests_per_second": 12.4, "latency_ms": {"p50": 0.9, "p99": 6.2}}


def console(path, q, body, method):
    if path == "me":
        return {"name": "ada", "role": "admin", "shop": "grocery"}
    if path == "overview":
        return {"shop": "grocery", "title": "Complete Journey grocery", "generation": SHARED["generation"], "items": 92331, "events": 1469307, "users": 2469,
                "index": {"documents": 92331, "segments": 3, "bytes": 18_400_112},
                "models": [{"name": "hybrid", "version": "2026-01-01T09-00", "created": "2026-01-01T09:00:00Z", "metrics": {"ndcg@10": 0.2013, "recall@10": 0.1422}},
                           {"name": "pctm", "version": "2026-01-01T08-58", "created": "2026-01-01T08:58:00Z", "metrics": {"ndcg@10": 0.1711}}],
                "synthetic_events": 250_000, "has_report": True}
    if path == "keys":
        return {"keys": [{"name": "web", "scopes": ["search"], "created": "2026-01-01T09:00:00Z", "last_used": "2026-01-02T09:00:00Z", "revoked": False}]}
    if path == "live":
        return live()
    if path == "queries":
        kind = q.get("kind", ["top"])[0]
        rows = {"top": [("bananas", 812, 88, 1.1, 640), ("milk", 700, 512, 1.9, 402), (XSS, 3, 0, 0.4, 0)], "empty": [("huevos", 31, 0, 0.6, 0), ("oat milk barista", 12, 0, 0.8, 0)],
                "slow": [("a e i o u", 2, 80121, 22.4, 0)]}[kind]
        return {"queries": [dict(zip(("query", "count", "results", "took_ms", "clicks"), row)) for row in rows], "synthetic": True}
    if path == "networks":
        SHARED["epochs"] = SHARED.get("epochs", 3) + 1
        epochs = [{"epoch": number, "seconds": 9.5, "rate": 0.001, "training_loss": 2 / number, "validation_loss": 2.2 / number, "validation_score": 1 - 0.5 / number} for number in range(1, SHARED["epochs"])]
        return {"has_folder": True, "networks": [
            {"name": "cnn", "running": True, "updated": "2026-01-02T09:00:00Z", "has_report": False, "part": None, "epochs": epochs, "earlier": [], "versions": []},
            {"name": "sasrec-beauty", "running": False, "updated": "2026-01-01T09:00:00Z", "has_report": True, "part": None, "epochs": epochs[:2], "earlier": [{"part": "choosing", "epochs": epochs[:3]}], "versions": [{"version": 1, "metrics": {"ndcg": 0.0584}}]}]}
    if path == "new-items":
        days = [{"date": f"2026-01-0{number}", "impressions": 40 * number, "clicks": 3 * number, "purchases": number} for number in (1, 2, 3)]
        return {"rate": 0.061, "prior_impressions": 84.2, "exploration": {"share": 0.1, "places": 5120, "explored": 377}, "synthetic": True, "items": [
            {"id": "1", "title": "Oat drink, 1 l", "product_type": ["Grocery", "Milk"], "arrived": "2026-01-01T00:00:00Z", "impressions": 240, "clicks": 18, "purchases": 6, "rate": 0.071, "interval": [0.05, 0.095], "level_days": 2, "days": days},
            {"id": "2", "title": XSS, "product_type": [], "arrived": "2026-01-03T00:00:00Z", "impressions": 0, "clicks": 0, "purchases": 0, "rate": 0.06, "interval": [0.02, 0.12], "level_days": None, "days": []}]}
    if path == "audit":
        return {"entries": SHARED["audit"] + [{"time": "2026-01-01T09:01:00Z", "person": "ada", "action": "publish", "detail": "generation 7"}]}
    if path == "generations":
        return {"generations": [{"generation": number, "created": f"2026-01-0{number - 4}T09:00:00Z", "current": number == SHARED["generation"], "index": f"index-{number}", "models": ["hybrid", "pctm"]} for number in (7, 6, 5)]}
    if path in ("reload", "rollback") and method == "POST":
        if path == "rollback":
            SHARED["generation"] = body["generation"]
        SHARED["audit"].insert(0, {"time": "2026-01-01T10:00:00Z", "person": "ada", "action": path, "detail": f"generation {SHARED['generation']}"})
        return {"generation": SHARED["generation"]}
    if path == "user":
        return dict(profile(q["user"][0]), recommendations=recommend(q.get("scenario", ["home"])[0], {"user": q["user"], "explain": ["true"], "without": q.get("without", q.get("without_purchases", [""])), "diversity": q.get("diversity", [""])})) if q["user"][0] != "nobody" else None
    if path == "user/purchases":
        found = [dict(purchase=f"{1500000000000 - index}:{card['id']}", id=card["id"], title=card["title"], time=f"2017-10-{28 - index % 28:02}T10:00:00Z", quantity=1 + index % 3) for index, card in enumerate(CARDS) if q.get("q", [""])[0].lower() in card["title"].lower()]
        start, size = int(q.get("offset", ["0"])[0]), int(q.get("limit", ["20"])[0])
        return {"total": len(found), "purchases": found[start:start + size]}
    return None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, kind="application/json", headers=()):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(data))), ("Content-Security-Policy", POLICY),
                            ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store"), *headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def problem(self, status, title, detail):
        self.answer(status, {"type": "about:blank", "title": title, "status": status, "detail": detail}, "application/problem+json")

    def body(self):
        return json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")

    def do_GET(self):
        self.route("GET", None)

    def do_POST(self):
        self.route("POST", self.body())

    def route(self, method, body):
        url = urlsplit(self.path)
        path, q = unquote(url.path), parse_qs(url.query)
        if path == "/storefront/config.json":
            return self.answer(200, {"shop": "grocery", "title": "Complete Journey grocery", "currency": "USD", "search_key": KEY, "synthetic": True, "notice": "Searches, stock and ratings are synthetic.", "ideas": ["bananas", "frozen pizza"], "recommends": True, "shops": [{"shop": "grocery", "title": "Complete Journey grocery"}], "households": ["1", "2", "900"]})
        if path == "/__mock/events":
            return self.answer(200, SHARED["events"])
        if path == "/__mock/reset":
            SHARED["events"].clear()
            return self.answer(200, {})
        if path.startswith("/v1/shops/grocery/"):
            return self.shop(path.removeprefix("/v1/shops/grocery/"), q, body, method)
        if path.startswith("/console/api/"):
            return self.console_route(path.removeprefix("/console/api/"), q, body, method)
        if path == "/console/report":
            return self.answer(200, b"<!DOCTYPE html><html lang=en><title>Evaluation</title><h1>Evaluation report</h1><p>NDCG@10 0.2013</p>", "text/html; charset=utf-8")
        return self.file(path)

    def shop(self, path, q, body, method):
        if self.headers.get("X-Souk-Key") != KEY and "session=ada" not in (self.headers.get("Cookie") or ""):
            return self.problem(401, "Unauthorized", "A key is missing.")
        if path == "events" and method == "POST":
            with SHARED["lock"]:
                fresh = [event for event in body["events"] if event["event_id"] not in SHARED["seen"]]
                SHARED["seen"].update(event["event_id"] for event in fresh)
                SHARED["events"].extend(fresh)
            return self.answer(202, {"accepted": len(fresh), "repeated": len(body["events"]) - len(fresh), "rejected": []})
        if path == "search/compare" and method == "POST":
            sides = {"total": 7, "ndcg": 0.5, "clicks": None}
            later = 0.9125 if body["b"].get("fusion") == "rrf" and "fusion" not in body["a"] else 0.75
            return self.answer(200, {"synthetic": True, "took_ms": 3.1, "measures": [
                {"name": "ndcg@10", "queries": 2, "a": 0.5, "b": later, "difference": later - 0.5, "lowest": 0.1, "highest": 0.4, "p_value": 0.5}],
                "queries": [{"query": text, "shared": 4, "a": sides, "b": {**sides, "ndcg": 1.0}} for text in body["queries"] or ["milk"]]})
        if path == "search":
            answer = search(q)
            if q.get("personal") == ["true"]:
                answer["applied"].append({"step": "personal"})
                answer["items"].reverse()
            if answer["total"] == 0 and q.get("filler"):
                answer["filler"] = {"step": "popular", "items": CARDS[:4]}
            return self.answer(200, answer)
        if path == "suggest":
            return self.answer(200, suggest(q))
        if path == "stores":
            return self.answer(200, {"stores": STORES})
        if path == "categories":
            return self.answer(200, categories())
        if path.startswith("items/") and path.endswith("/bundle"):
            own = BY_ID.get(path.split("/")[1])
            items = [own] + [dict(card, reason=f"Often bought with {own['title']}") for card in CARDS if card["in_stock"] and card["price"] and card["product_type"] != own["product_type"]][:2]
            total = sum(round(float(card["price"]) * 100) for card in items)
            return self.answer(200, {"generation": SHARED["generation"], "impression_id": "imp-bundle", "items": items, "sum": f"{total / 100:.2f}", "saving": f"{total // 10 / 100:.2f}", "price": f"{(total - total // 10) / 100:.2f}", "currency": "USD", "took_ms": 0.3})
        if path.startswith("items/"):
            card = BY_ID.get(path.removeprefix("items/"))
            if not card:
                return self.problem(404, "Not Found", "The shop has no such item.")
            return self.answer(200, dict(card, description="", numbers={}, offers=[]))
        if path == "onboarding":
            firsts = {tuple(card["product_type"][:2]): card for card in reversed(CARDS)}
            return self.answer(200, {"generation": SHARED["generation"], "choose": 3, "took_ms": 0.2, "tastes": [
                {"id": " > ".join(category), "path": list(category), "item": card} for category, card in sorted(firsts.items())][:12]})
        if path.startswith("recommend/") and path.removeprefix("recommend/") in REASONS:
            return self.answer(200, recommend(path.removeprefix("recommend/"), q))
        return self.problem(404, "Not Found", "There is nothing at this address.")

    def console_route(self, path, q, body, method):
        if path == "login":
            if (body.get("name"), body.get("password")) != ("ada", "correct horse battery"):
                return self.problem(401, "Unauthorized", "The name or the password is wrong.")
            return self.answer(200, {"name": "ada", "role": "admin", "shop": "grocery"}, headers=[("Set-Cookie", "session=ada; Path=/; HttpOnly; SameSite=Strict")])
        if path == "logout":
            return self.answer(200, {}, headers=[("Set-Cookie", "session=; Path=/; Max-Age=0")])
        if "session=ada" not in (self.headers.get("Cookie") or ""):
            return self.problem(401, "Unauthorized", "Log in first.")
        result = console(path, q, body, method)
        return self.problem(404, "Not Found", "Nothing is known under this name.") if result is None else self.answer(200, result)

    def file(self, path):
        base, rest = ROOT / "Web/storefront", path
        if path.startswith("/vendor/"):
            base, rest = ROOT / "var/web/vendor", path.removeprefix("/vendor")
        elif path == "/console" or path.startswith("/console/"):
            base, rest = ROOT / "Web/console", path.removeprefix("/console")
        target = (base / (rest.strip("/") or "index.html")).resolve()
        if not target.is_relative_to(base) or not target.is_file():
            return self.problem(404, "Not Found", "There is no such file.")
        return self.answer(200, target.read_bytes(), TYPES.get(target.suffix, "application/octet-stream"))


def start(port=0):
    """Serves in a thread; returns the server, whose `server_port` is the port it took."""
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


if __name__ == "__main__":
    running = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Handler)
    print(f"http://127.0.0.1:{running.server_port}", flush=True)
    running.serve_forever()
