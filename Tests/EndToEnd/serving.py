"""What the running server answers: search, recommendations, changes, mistakes, people, keys and log-ins."""
import http.client
import json
import socket
import time
import urllib.parse

from harness import BASE, RAW_USERS, Server, Shop, check, now_text


def check_answers(server: Server, keys: dict[str, str]) -> None:
    status, page, _ = server.call("GET", f"{BASE}/search?q=banana&facets=category,brand,size", key=keys["search"])
    check("search finds bananas", status == 200 and page["total"] > 0 and all("anana" in i["title"] for i in page["items"]), page)
    check("facets have counts", status == 200 and {f["value"] for f in page["facets"]["brand"]} == {"National", "Private"}, page)
    status, page, _ = server.call("GET", f"{BASE}/search?q=bananna", key=keys["search"])
    check("a typo is forgiven and named", status == 200 and page["total"] > 0 and any(a["step"] == "typo" for a in page["applied"]), page)
    status, page, _ = server.call("GET", f"{BASE}/search?q=banana&fusion=convex:0.3", key=keys["search"])
    check("a call says how words and meaning are joined", status == 200 and page["total"] > 0, page)
    status, page, _ = server.call("GET", f"{BASE}/search?q=banana&fusion=magic", key=keys["search"])
    check("an unknown way is one clear error", status == 400 and "magic" in page["detail"], page)
    status, page, _ = server.call("GET", f"{BASE}/search?q=zzxqy", key=keys["search"])
    check("nothing is found where nothing is", status == 200 and page["items"] == [], page)
    status, page, _ = server.call("GET", f"{BASE}/suggest?q=ora", key=keys["search"])
    check("suggestions come while typing", status == 200 and (page["items"] or page["queries"] or page["categories"]), page)
    check_conditions(server, keys)
    check_shelves(server, keys)
    check_changes(server, keys)
    check_places(server, keys)
    user = urllib.parse.quote(RAW_USERS[0])
    status, page, _ = server.call("GET", f"{BASE}/users/{user}/profile", key=keys["admin"])
    check("a profile counts purchases", status == 200 and page["purchases"] > 0, page)
    check("health and metrics answer", server.call("GET", "/health")[0] == 200 and server.call("GET", "/metrics")[0] == 200)


def check_conditions(server: Server, keys: dict[str, str]) -> None:
    def found(conditions: str) -> dict:
        return server.call("GET", f"{BASE}/search?q={conditions}", key=keys["search"])[1]

    variants = [{"id": f"v{n}", "title": f"Kumquat jam {n}", "item_group_id": "jam", "latitude": 50 + n, "longitude": 8, "jar": n}
                for n in range(3)]
    status, answer, _ = server.call("PUT", f"{BASE}/items", {"items": variants}, key=keys["ingest"])
    check("items with places and a group are taken", status == 200 and answer["added"] == 3, (status, answer))
    wait_for(lambda: found("kumquat")["total"] == 3)
    page = found("kumquat&near=52.9,8&sort=nearest")
    check("the nearest comes first, with its distance", [i["id"] for i in page["items"]] == ["v2", "v1", "v0"] and 90e3 < page["items"][0]["distance"] < 110e3, page)
    check("a radius leaves out what is far", [i["id"] for i in found("kumquat&near=50,8&radius=1000")["items"]] == ["v0"])
    check("a range bounds a number", {i["id"] for i in found("kumquat&range=jar:1..")["items"]} == {"v1", "v2"})
    page = found("kumquat&group_variants=true")
    check("variants are one hit", page["total"] == 1 and page["items"][0]["variants"]["count"] == 3 and len(page["items"][0]["variants"]["others"]) == 2, page)
    check("all words are demanded if asked for", found("kumquat+banana&matching=all")["total"] == 0 and found("kumquat+banana&matching=any")["total"] > 3)
    status, page, _ = server.call("GET", f"{BASE}/facets/brand?facet_query=nat", key=keys["search"])
    check("values of a facet are searched", status == 200 and [v["value"] for v in page["values"]] == ["National"], page)
    for variant in variants:
        server.call("DELETE", f"{BASE}/items/{variant['id']}", key=keys["ingest"])


def check_shelves(server: Server, keys: dict[str, str]) -> None:
    user = urllib.parse.quote(RAW_USERS[0])
    for scenario in ("home", "buy_again", "new_for_you", "similar?item=i2", "bought_together?item=i2", "complete_basket?basket=i2,i7",
                     "after_purchase?basket=i2", "category?category=Produce", "home?diversity=mmr:0.3,exploration:0.2"):
        path = f"{BASE}/recommend/{scenario}{'&' if '?' in scenario else '?'}user={user}"
        status, page, _ = server.call("GET", path, key=keys["search"])
        name = scenario.split("?")[0]
        check(f"recommend {name} answers with reasons", status == 200 and all(item["reason"] for item in page["items"]), page)
        ids = [item["id"] for item in page["items"]] if status == 200 else []
        check(f"recommend {name} shows nothing sold out", ids and "i7" not in ids and len(ids) == len(set(ids)), ids)
    status, page, _ = server.call("GET", f"{BASE}/recommend/home?user=stranger", key=keys["search"])
    check("a stranger gets recommendations", status == 200 and page["items"], page)
    status, page, _ = server.call("GET", f"{BASE}/recommend/home?price_max=3.50&lang=de&per_brand=3", key=keys["search"])
    check("a shelf keeps to a price", status == 200 and page["items"] and all(float(item["price"]) <= 3.5 for item in page["items"]), page)
    check("reasons are in the shopper's language", status == 200 and "Diese Woche beliebt" in [item["reason"] for item in page["items"]], page)
    for wrong in ("home?store=nowhere", "home?category=Nowhere", "category", "near_you", "home?price_min=x", "home?price_min=3&price_max=2",
                  "home?per_brand=0", "home?diversity=speed:1", "home?diversity=mmr:2", "home?exclude=" + "x," * 501):
        status, page, _ = server.call("GET", f"{BASE}/recommend/{wrong}", key=keys["search"])
        check(f"recommend {wrong[:30]} is refused", status == 400 and page["detail"], (status, page))


def check_changes(server: Server, keys: dict[str, str]) -> None:
    status, page, _ = server.call("GET", f"{BASE}/items/i2", key=keys["search"])
    check("an item is shown with its price", status == 200 and page["price"] == "3.20", page)
    status, _, _ = server.call("PUT", f"{BASE}/offers", {"offers": [{"item_id": "i2", "price": "9.99 EUR", "stock": 3}]}, key=keys["ingest"])
    _, page, _ = server.call("GET", f"{BASE}/items/i2", key=keys["search"])
    check("a change of price shows at once", status < 300 and page["price"] == "9.99", (status, page))
    server.call("PUT", f"{BASE}/offers", {"offers": [{"item_id": "i2", "stock": 0}]}, key=keys["ingest"])
    _, page, _ = server.call("GET", f"{BASE}/items/i2", key=keys["search"])
    check("a stock alone leaves the price", page["price"] == "9.99" and not page["in_stock"], page)
    server.call("PUT", f"{BASE}/offers", {"offers": [{"item_id": "i2", "stock": 3}]}, key=keys["ingest"])
    new = {"items": [{"id": "fresh", "title": "Dragonfruit ripe", "product_type": "Produce > Fruit", "price": "4.00 EUR"}]}
    status, _, _ = server.call("PUT", f"{BASE}/items", new, key=keys["ingest"])
    found = wait_for(lambda: server.call("GET", f"{BASE}/search?q=dragonfruit", key=keys["search"])[1]["items"])
    check("a new item is found soon", status < 300 and [i["id"] for i in found] == ["fresh"], (status, found))
    status, _, _ = server.call("PATCH", f"{BASE}/items/fresh", {"title": "Pitahaya ripe"}, key=keys["ingest"])
    found = wait_for(lambda: server.call("GET", f"{BASE}/search?q=pitahaya", key=keys["search"])[1]["items"])
    check("a changed title is found soon", status < 300 and [i["id"] for i in found] == ["fresh"], (status, found))
    status, _, _ = server.call("DELETE", f"{BASE}/items/fresh", key=keys["ingest"])
    gone = wait_for(lambda: not server.call("GET", f"{BASE}/search?q=pitahaya", key=keys["search"])[1]["items"])
    check("a withdrawn item is gone", status < 300 and gone, status)


def check_places(server: Server, keys: dict[str, str]) -> None:
    records = {
        "stores": [{"id": "s1", "name": "Harbour", "latitude": 53.5, "longitude": 9.9}, {"id": "s2", "latitude": 99}],
        "warehouses": [{"id": "w1", "name": "North", "capacity": 5000}, {"id": "w2", "name": "South"}],
        "carriers": [
            {"id": "c1", "name": "Bikes", "parcels_per_day": 300, "fastest_days": 0, "slowest_days": 1},
            {"id": "c2", "parcels_per_day": 300, "fastest_days": 3, "slowest_days": 1},
        ],
    }
    for kind, places in records.items():
        status, answer, _ = server.call("PUT", f"{BASE}/{kind}", {kind: places}, key=keys["ingest"])
        check(f"{kind}: good records are written and bad ones named", status == 200 and answer["written"] == 1
              and [entry["index"] for entry in answer["rejected"]] == [1], (status, answer))
        status, answer, _ = server.call("GET", f"{BASE}/{kind}", key=keys["ingest"])
        place = next((place for place in answer.get(kind, []) if place["id"] == places[0]["id"]), {})
        check(f"{kind} are read as written", {**place, "synthetic": False} == {**places[0], "synthetic": False} == place, answer)
        status, _, _ = server.call("GET", f"{BASE}/{kind}", key=keys["search"])
        check(f"a search key reads {kind} only if shoppers see them", status == (200 if kind == "stores" else 403), status)


def wait_for(body):
    """The first true result of `body`, asked for at most four seconds."""
    for _ in range(40):
        if result := body():
            return result
        time.sleep(0.1)
    return body()


def check_bad_input(server: Server, shop: Shop, keys: dict[str, str]) -> None:
    def problem(name: str, wanted: set[int], method: str, path: str, **more: object) -> None:
        status, page, kind = server.call(method, path, **more)
        check(name, status in wanted and "problem+json" in kind and page["status"] == status and page["title"] and page["detail"],
              (status, kind, page))

    problem("an unknown shop is 404", {404}, "GET", "/v1/shops/nowhere/search?q=x", key=keys["search"])
    problem("an unknown address is 404", {404}, "GET", f"{BASE}/cooking", key=keys["search"])
    problem("an unknown item is 404", {404}, "GET", f"{BASE}/items/nothing", key=keys["search"])
    problem("a wrong method is 405", {405}, "DELETE", f"{BASE}/search?q=x", key=keys["admin"])
    problem("no key is 401", {401}, "GET", f"{BASE}/search?q=x")
    problem("a wrong key is 401", {401}, "GET", f"{BASE}/search?q=x", key="wrong")
    problem("the search key cannot read users", {403}, "GET", f"{BASE}/users/{urllib.parse.quote(RAW_USERS[0])}/profile", key=keys["search"])
    problem("the search key cannot change prices", {403}, "PUT", f"{BASE}/offers", body={"offers": []}, key=keys["search"])
    problem("broken JSON is 400", {400}, "POST", f"{BASE}/events", raw=b'{"events":[', key=keys["ingest"])
    problem("bytes that are no UTF-8 are 400", {400}, "POST", f"{BASE}/events", raw=b'{"events":["\xff\xfe"]}', key=keys["ingest"])
    problem("NaN is 400", {400}, "POST", f"{BASE}/events", raw=b'{"events":[NaN]}', key=keys["ingest"])
    problem("a wrong type is 400", {400}, "POST", f"{BASE}/events", body={"events": 5}, key=keys["ingest"])
    problem("an endless query is refused", {400, 414}, "GET", f"{BASE}/search?q={'x' * 5000}", key=keys["search"])
    problem("a page too deep is refused", {400}, "GET", f"{BASE}/search?q=banana&page=99999999", key=keys["search"])
    now = now_text()
    bad = [{"event_id": "x1", "name": "view_item", "time": "2999-01-01T00:00:00Z", "items": [{"item_id": "i1"}]},
           {"event_id": "x2", "name": "dance", "time": now}, {"event_id": "y" * 1_000_000, "name": "view_item", "time": now},
           {"event_id": "x3", "name": "add_to_cart", "time": now, "items": [{"item_id": "i1", "price": -1}]},
           {"event_id": "x4", "name": "purchase", "time": now, "currency": "XXY", "items": [{"item_id": "i1", "price": 1}]}, "text", 5]
    status, page, _ = server.call("POST", f"{BASE}/events", {"events": bad}, key=keys["ingest"])
    check("bad events are refused one by one", status in (202, 422) and len(page.get("rejected", [])) == len(bad), (status, page))
    check("a body that never ends is cut off", endless_body(server, keys["ingest"]))
    taken = shop.run("serve", "--shop", str(shop.path), "--port", str(server.port), status=None, timeout=30)
    check("a port in use is one clear error", taken.returncode == 1 and taken.stderr.count("souk: ") == 1 and "--port" in taken.stderr,
          taken.stderr)
    check("the server still answers", server.call("GET", "/health")[0] == 200)


def endless_body(server: Server, key: str) -> bool:
    """Whether the server stops reading a chunked body before it has taken a gigabyte."""
    with socket.create_connection(("127.0.0.1", server.port), 30) as link:
        link.sendall(f"POST {BASE}/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n"
                     "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
        try:
            for _ in range(1024):
                link.sendall(chunk)
        except OSError:
            return True
    return False


def check_people(server: Server, shop: Shop, keys: dict[str, str]) -> None:
    """Export, erasure, and that no identifier is stored as the shop wrote it."""
    exported = json.loads(shop.on("users", "export", RAW_USERS[3]).stdout)
    check("a person's data can be exported", len(exported["events"]) == 40, exported)
    user = urllib.parse.quote(RAW_USERS[3])
    _, page, _ = server.call("GET", f"{BASE}/users/{user}/export", key=keys["admin"])
    check("the export over HTTP is the same", page == exported, page)
    raw = b"".join(file.read_bytes() for file in shop.path.rglob("*") if file.is_file())
    check("no raw identifier is stored", not any(name.encode() in raw for name in RAW_USERS))
    user = urllib.parse.quote(RAW_USERS[4])
    status, _, _ = server.call("DELETE", f"{BASE}/users/{user}", key=keys["admin"])
    check("a person can be erased over HTTP", status in (200, 202, 204), status)
    status, page, _ = server.call("GET", f"{BASE}/users/{user}/profile", key=keys["admin"])
    check("an erased person has no purchases", status == 404 or page.get("purchases") == 0, (status, page))
    shop.on("users", "erase", RAW_USERS[3])
    left = shop.on("users", "export", RAW_USERS[3], status=None)
    check("a person can be erased on the command line", left.returncode == 1 and left.stdout == "", left.stdout)
    history = shop.on("publish", "--history").stdout
    check("generations that hold traces of the erased cannot come back", "not restorable" in history, history)
    doctor = shop.on("doctor").stdout
    check("doctor tells to train after an erasure", "last erasure" in doctor, doctor)


def check_revocation(server: Server, shop: Shop) -> None:
    key = shop.key("short-lived", "search")
    shop.on("keys", "revoke", "short-lived")
    check("a revoked key is refused", server.call("GET", f"{BASE}/search?q=x", key=key)[0] == 401)
    shown = shop.on("keys", "list").stdout
    check("a revoked key is listed as such", any("short-lived" in line and "revoked" in line for line in shown.splitlines()), shown)


def check_log_in(server: Server, shop: Shop) -> None:
    """People are added on the command line and log in to the console; roles hold."""
    password = "correct horse battery"
    short = shop.on("people", "add", "--role", "viewer", "eve", status=None, text="short\n")
    check("a short password is refused", short.returncode == 1 and "12" in short.stderr, short.stderr)
    for name, role in [("vera", "viewer"), ("ada", "admin")]:
        shop.on("people", "add", "--role", role, name, text=password + "\n")
    shown = shop.on("people", "list").stdout
    check("people are listed with their roles", "vera  viewer" in shown and "ada  admin" in shown, shown)
    raw = b"".join(file.read_bytes() for file in shop.path.rglob("*") if file.is_file())
    check("no password is stored as it is", password.encode() not in raw)
    status, _, _ = server.call("POST", "/console/api/login", {"name": "vera", "password": "wrong password!"})
    check("a wrong password is 401", status == 401, status)
    check("the console needs a log-in", server.call("GET", "/console/api/overview")[0] == 401)
    cookies = {}
    for name in ("vera", "ada"):
        status, page, fields = server.exchange("POST", "/console/api/login", {"name": name, "password": password})
        cookie = fields.get("set-cookie", "")
        cookies[name] = {"Cookie": cookie.split(";")[0]}
        check(f"{name} can log in", status == 200 and page["name"] == name and "HttpOnly" in cookie and "SameSite=Strict" in cookie, (status, page, cookie))
    status, page, _ = server.call("GET", "/console/api/overview", headers=cookies["vera"])
    check("a viewer sees the overview", status == 200 and page["items"] >= 60, (status, page))
    check("a viewer may not reload", server.call("POST", "/console/api/reload", {}, headers=cookies["vera"])[0] == 403)
    check("an admin may reload", server.call("POST", "/console/api/reload", {}, headers=cookies["ada"])[0] == 200)
    foreign = cookies["ada"] | {"Origin": "https://elsewhere.example"}
    check("a change from another site is refused", server.call("POST", "/console/api/reload", {}, headers=foreign)[0] == 403)
    _, page, _ = server.call("GET", "/console/api/audit", headers=cookies["ada"])
    lines = [(entry["person"], entry["action"]) for entry in page["entries"]]
    check("the audit log names the person", ("ada", "reload") in lines and ("vera", "login") in lines, lines)
    server.call("POST", "/console/api/logout", {}, headers=cookies["ada"])
    check("after logging out the session is over", server.call("GET", "/console/api/me", headers=cookies["ada"])[0] == 401)
    shop.on("people", "remove", "vera")
    status, _, _ = server.call("POST", "/console/api/login", {"name": "vera", "password": password})
    check("who was removed cannot log in", status == 401, status)


def check_pages(server: Server) -> None:
    for path, word in [("/", b"<html"), ("/console", b"<html")]:
        status, page, kind = server.call("GET", path)
        check(f"the page {path} is served", status == 200 and "text/html" in kind and word in page, (status, kind))
    status, page, _ = server.call("GET", "/openapi.json")
    check("the interface describes itself", status == 200 and page["openapi"].startswith("3.1"), status)
    status, _, _ = server.call("GET", "/../Package.swift")
    check("no file outside the pages is served", status in (400, 404), status)


def post_events(server: Server, key: str, connection: http.client.HTTPConnection, rows: list[dict]) -> dict | None:
    """Posts one batch on a connection that is kept; the answer if the server acknowledged all of it."""
    connection.request("POST", f"{BASE}/events", json.dumps({"events": rows}).encode(),
                       {"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
    response = connection.getresponse()
    page = json.loads(response.read())
    return page if response.status == 202 else None
