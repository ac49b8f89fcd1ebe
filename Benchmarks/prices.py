#!/usr/bin/env python3
"""Prices by market and customer group: time and bytes of 100 lists over a shop's whole catalogue.

    Benchmarks/prices.py SOUK SHOP [LISTS]      works on a copy of the shop; prints one line a figure

The lists are written into the copy's database directly (an import would take most of the time); everything else goes over HTTP.
"""
import json, pathlib, shutil, sqlite3, subprocess, sys, tempfile, time

from client import Connection
from server import Server


def add_lists(shop: pathlib.Path, lists: int) -> int:
    """Group `g1`, `g2`, …: nine tenths of everybody's price, give or take a few cents, for each priced item."""
    base = sqlite3.connect(shop / "shop.sqlite")
    rows = base.execute("SELECT item, price FROM offer WHERE market = 'default' AND customer_group = '' AND price IS NOT NULL").fetchall()
    items = base.execute("SELECT count(*) FROM item").fetchone()[0]
    prices = dict(rows)
    with base:
        for number in range(1, lists + 1):
            base.execute("INSERT OR IGNORE INTO price_list VALUES ('default', ?)", (f"g{number}",))
            base.executemany("INSERT INTO offer VALUES ('default', ?, ?, ?, 'USD', NULL, NULL, NULL)",
                             ((f"g{number}", item, max(1, prices.get(item, 199) * 9 // 10 + (item * number) % 7)) for item in range(items)))
    base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    base.close()
    return items


def milliseconds(action) -> tuple[float, object]:
    began = time.monotonic()
    result = action()
    return (time.monotonic() - began) * 1000, result


def cpu_milliseconds(process: int) -> float:
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 10


def main() -> None:
    souk, source = sys.argv[1], pathlib.Path(sys.argv[2])
    lists = int(sys.argv[3]) if len(sys.argv) > 3 else 100
    with tempfile.TemporaryDirectory() as name:
        shop = pathlib.Path(name) / "shop"
        shutil.copytree(source, shop)
        items = add_lists(shop, lists)
        print(f"{lists} lists x {items} items, database {(shop / 'shop.sqlite').stat().st_size / 1e6:.0f} MB", flush=True)
        key = subprocess.run([souk, "keys", "create", "--shop", shop, "--scope", "admin", "prices"], capture_output=True, text=True, check=True).stdout.split()[-1]
        with Server(souk, shop, pathlib.Path(name) / "serve.log") as server:
            connection = Connection(server.port, key)
            path = f"/v1/shops/{server.shop}/search?q=milk&per_page=10&sort=price_asc&facets=category"

            def search(group: str) -> dict:
                return connection.get_json(path + (f"&group={group}" if group else ""))

            search("")
            plain = sorted(milliseconds(lambda: search(""))[0] for _ in range(50))
            before = server.memory_mb("VmRSS")
            first = [milliseconds(lambda: search(f"g{number}"))[0] for number in range(1, lists + 1)]
            after = server.memory_mb("VmRSS")
            warm = sorted(milliseconds(lambda: search(f"g{lists}"))[0] for _ in range(50))
            print(f"ready after {server.seconds_to_ready:.2f} s; search without a list {plain[25]:.2f} ms, with a joined list {warm[25]:.2f} ms (medians)")
            print(f"first search of a list: median {sorted(first)[len(first) // 2]:.1f} ms, worst {max(first):.1f} ms")
            print(f"resident {before:.0f} MB before, {after:.0f} MB with {lists} lists asked for once, peak {server.memory_mb():.0f} MB")
            ids = [row[0] for row in sqlite3.connect(shop / "shop.sqlite").execute("SELECT id FROM item ORDER BY number LIMIT 10000")]
            for group in ("", f"g{lists}"):
                def patch() -> None:
                    for start in (0, 5000):
                        offers = [{"id": item, "price": "0.01 USD", **({"customer_group": group} if group else {})} for item in ids[start:start + 5000]]
                        status, body = connection.request("PUT", f"/v1/shops/{server.shop}/offers", json.dumps({"offers": offers}).encode())[:2]
                        assert status == 200, (status, body[:200])
                used = cpu_milliseconds(server.process.pid)
                took, _ = milliseconds(patch)
                used = cpu_milliseconds(server.process.pid) - used
                wanted = connection.get_json(f"/v1/shops/{server.shop}/items/{ids[9999]}" + (f"?group={group}" if group else ""))
                assert wanted["price"] == "0.01", wanted["price"]
                print(f"10,000 prices of {group or 'everybody'} changed and shown: {took:.0f} ms, {used:.0f} ms of processor time")


if __name__ == "__main__":
    main()
