"""Changes of price and stock over HTTP, in batches, each durable before it is answered; the next search must show them."""
import json, pathlib, shutil, subprocess, tempfile, time

from client import Connection
from figures import Figure
from server import Server

BATCH = 5000


def measure(settings, figures: list[Figure]) -> None:
    count = 200_000 if settings.is_full else 50_000
    with tempfile.TemporaryDirectory() as name:
        shop = pathlib.Path(name) / settings.shop.name
        shutil.copytree(settings.shop, shop)
        words = [settings.souk, "keys", "create", "--shop", str(shop), "--scope", "admin", "patches"]
        key = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()[-1]
        with Server(settings.souk, shop, pathlib.Path(name) / "serve.log") as server:
            connection = Connection(server.port, key)
            base = f"/v1/shops/{server.shop}"
            items = []
            for page in range(1, 51):
                items += [item["id"] for item in connection.get_json(f"{base}/search?q=&sort=title&per_page=100&page={page}")["items"]]
            bodies = []
            for start in range(0, count, BATCH):
                offers = [{"item_id": items[place % len(items)], "price": f"{1 + place % 997 / 100:.2f} USD", "stock": place % 90 + 1}
                          for place in range(start, start + BATCH)]
                bodies.append(json.dumps({"offers": offers}))
            began = time.monotonic()
            for body in bodies:
                status, answer = connection.request("PUT", f"{base}/offers", body.encode())
                if status != 200 or json.loads(answer).get("rejected"):
                    raise RuntimeError(f"offers: {status} {answer[:200]!r}")
            seconds = time.monotonic() - began
            last = offers[-1]
            shown = connection.get_json(f"{base}/items/{last['item_id']}")
            if last["price"].split()[0] not in json.dumps(shown):
                raise RuntimeError(f"the next answer does not show {last}")
            figures.append(Figure("prices and stock over HTTP, durable, batches of 5,000", count / seconds, "/s", 20_000, True))
