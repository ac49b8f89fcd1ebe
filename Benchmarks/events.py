"""Events over HTTP in durable batches of 500, on a copy of the shop that is thrown away."""
import json, shutil, threading, time

from client import Connection
from figures import Figure
from server import Server

BATCH = 500
SENDERS = 4


def measure(settings, figures: list[Figure]) -> None:
    copy = settings.work / "events" / settings.shop.name
    shutil.rmtree(copy.parent, ignore_errors=True)
    shutil.copytree(settings.shop, copy)
    try:
        with Server(settings.souk, copy, settings.work / "serve-events.log") as running:
            send(settings, running, figures)
    finally:
        shutil.rmtree(copy.parent, ignore_errors=True)


def send(settings, running: Server, figures: list[Figure]) -> None:
    path = f"/v1/shops/{running.shop}/search?q=milk&per_page=24"
    items = [item["id"] for item in running.connection().get_json(path)["items"]]
    if not items:
        raise RuntimeError("a search for milk finds nothing to send events about")
    before = counted(running)
    batches = [batch(number, items, running.households) for number in range(1200 if settings.is_full else 200)]
    turn = iter(enumerate(batches))
    lock = threading.Lock()
    accepted, problems, times = [0], [], []

    def work() -> None:
        connection = Connection(running.port, running.key, timeout=60)
        while not problems:
            with lock:
                _, body = next(turn, (0, None))
            if body is None:
                return
            began = time.perf_counter()
            try:
                status, answer = connection.request("POST", f"/v1/shops/{running.shop}/events", body)
                if status != 202:
                    raise RuntimeError(f"{status} {answer[:120]!r}")
                with lock:
                    accepted[0] += json.loads(answer)["accepted"]
                    times.append(time.perf_counter() - began)
            except Exception as error:
                problems.append(str(error))

    began = time.perf_counter()
    threads = [threading.Thread(target=work) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - began
    if problems:
        raise RuntimeError(problems[0])
    if accepted[0] != len(batches) * BATCH:
        raise RuntimeError(f"{accepted[0]} of {len(batches) * BATCH} events were accepted")
    figures.append(Figure("events over HTTP, durable, batches of 500", round(accepted[0] / elapsed), "/s", 20_000))
    figures.append(Figure("events: slowest batch", max(times) * 1000, "ms", None, False))
    after = counted(running)
    if after is not None and after - before != accepted[0]:
        figures.append(Figure("events: counted by the server", problem=f"{after - before} more, not {accepted[0]}"))


def counted(running: Server) -> int | None:
    shops = running.connection().get_json("/health").get("shops", [])
    return next((shop.get("events") for shop in shops if shop.get("shop") == running.shop), None)


def batch(number: int, items: list[str], users: list[str]) -> bytes:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    rows = []
    for place in range(BATCH):
        row = {"event_id": f"bench-{number}-{place}", "name": "view_item", "time": now, "session": f"s{number}",
               "items": [{"item_id": items[(number + place) % len(items)], "quantity": 1}]}
        if users:
            row["user"] = users[(number * BATCH + place) % len(users)]
        rows.append(row)
    return json.dumps({"events": rows}, separators=(",", ":")).encode()
