"""What every part of the suite uses: checks, a tiny shop with its feeds, and a running server."""
import csv
import datetime
import http.client
import json
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import time
import traceback

RAW_USERS = [f"shopper-{number}@example.org" for number in range(12)]
BASE = "/v1/shops/corner"
KINDS = [("Bananas", "Produce > Fruit", "kg"), ("Orange juice", "Grocery > Drinks", "l"), ("Whole milk", "Dairy > Milk", "l"),
         ("Toothpaste", "Drugstore > Teeth", "ml"), ("Wheat bread", "Bakery > Bread", "g")]
results = {"passed": 0, "failed": 0, "skipped": 0}


def check(name: str, is_true: bool, detail: object = "") -> None:
    """Counts and prints one check; `detail` is shown if it failed."""
    results["passed" if is_true else "failed"] += 1
    print(("ok      " if is_true else "FAILED  ") + name + ("" if is_true else f": {str(detail)[:400]}"), flush=True)


def skip(name: str, reason: object) -> None:
    results["skipped"] += 1
    print(f"skipped {name}: {str(reason)[:200]}", flush=True)


def attempt(name: str, part):
    """Runs one part; what it throws is a failed check, and the other parts go on."""
    start = time.monotonic()
    try:
        return part()
    except Exception as error:
        traceback.print_exc(limit=4)
        check(name, False, error)
        return None
    finally:
        print(f"        {name}: {time.monotonic() - start:.1f} s", flush=True)


def now_text() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_one_error(done: subprocess.CompletedProcess, *words: str, status: int = 1) -> bool:
    """Whether a command ended with `status` and one line on standard error that holds all `words` and no trace of a trap."""
    lines = [line for line in done.stderr.strip().splitlines() if line.startswith("souk: ")]
    text = lines[0] if len(lines) == 1 else ""
    return done.returncode == status and text != "" and all(word in text for word in words) and "Fatal error" not in done.stderr


class Shop:
    """The shop's folder and its feeds."""

    def __init__(self, souk: str, folder: pathlib.Path, path: pathlib.Path | None = None) -> None:
        self.souk, self.path, self.folder = souk, path or folder / "corner", folder
        self.items = [self.item(number) for number in range(60)]

    @staticmethod
    def item(number: int) -> dict:
        kind = KINDS[number % 5]
        return {"id": f"i{number}", "title": f"{kind[0]} {['small', 'large', 'family'][number % 3]} {number}", "product_type": kind[1],
                "brand": ["National", "Private"][number % 2], "price": f"{1 + number % 7}.{number % 10}0 EUR", "size": f"{number % 4 + 1} {kind[2]}",
                "availability": "out of stock" if number == 7 else "in stock"}

    def copy(self, name: str) -> "Shop":
        """A copy of the shop as it lies on disk, in a folder of its own; no server may be running on this one."""
        target = self.folder / name / self.path.name
        shutil.copytree(self.path, target)
        return Shop(self.souk, self.folder, target)

    def write_feeds(self) -> tuple[pathlib.Path, pathlib.Path]:
        items, events = self.folder / "items.csv", self.folder / "events.jsonl"
        with open(items, "w", newline="") as file:
            writer = csv.DictWriter(file, list(self.items[0]))
            writer.writeheader()
            writer.writerows(self.items)
        start = datetime.datetime(2026, 1, 1, 9)
        with open(events, "w") as file:
            for day in range(120):
                for place, user in enumerate(RAW_USERS):
                    if (day + place) % 3:
                        continue
                    lines = [{"item_id": f"i{(place + 5 * k + day // 30 % 2) % 60}", "quantity": 1 + k % 2, "price": 2.5} for k in range(4)]
                    time_text = (start + datetime.timedelta(days=day, minutes=place)).strftime("%Y-%m-%dT%H:%M:%SZ")
                    json.dump({"event_id": f"b{day}-{place}", "event_name": "purchase", "time": time_text, "user_id": user,
                               "currency": "EUR", "items": lines}, file)
                    file.write("\n")
        return items, events

    def run(self, *words: str, status: int | None = 0, timeout: float = 60, text: str | None = None) -> subprocess.CompletedProcess:
        """Runs one command; `status` is the exit code that it must have, `text` its standard input."""
        done = subprocess.run([self.souk, *words], capture_output=True, text=True, timeout=timeout, input=text)
        if status is not None and done.returncode != status:
            raise RuntimeError(f"souk {' '.join(words[:2])}: exit code {done.returncode}: {done.stderr[-400:]}")
        return done

    def on(self, *words: str, **more: object) -> subprocess.CompletedProcess:
        """Runs one command on this shop."""
        return self.run(words[0], "--shop", str(self.path), *words[1:], **more)

    def index(self) -> None:
        """Builds the index without dictionaries: they have tens of thousands of words that a tiny shop lacks."""
        self.on("index", "--no-dictionaries")

    def key(self, name: str, scope: str) -> str:
        return self.on("keys", "create", "--scope", scope, name).stdout.split()[-1]


class Server:
    """A running server on a free port."""

    def __init__(self, shop: Shop, *words: str, tls: ssl.SSLContext | None = None) -> None:
        self.port, self.tls = free_port(), tls
        self.path = shop.folder / f"serve-{self.port}.log"
        self.log = open(self.path, "a")
        self.process = subprocess.Popen(
            [shop.souk, "serve", "--shop", str(shop.path), "--port", str(self.port), *words], stdout=self.log, stderr=self.log)
        end = time.monotonic() + 60
        while True:
            if self.process.poll() is not None:
                raise RuntimeError(f"souk serve ended with {self.process.returncode}: {self.text()[-400:]}")
            try:
                if self.call("GET", "/health")[0] == 200:
                    return
            except OSError:
                pass
            if time.monotonic() > end:
                self.kill()
                raise RuntimeError("souk serve is not ready within a minute")
            time.sleep(0.02)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def text(self) -> str:
        return self.path.read_text()

    def connect(self) -> http.client.HTTPConnection:
        if self.tls:
            return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=self.tls)
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def call(self, method: str, path: str, body: object = None, key: str = "", raw: bytes | None = None,
             headers: dict[str, str] | None = None) -> tuple[int, object, str]:
        """One request on a connection of its own: status, body (parsed if it is JSON), content type."""
        status, page, fields = self.exchange(method, path, body, key, raw, headers)
        return status, page, fields.get("content-type", "")

    def exchange(self, method: str, path: str, body: object = None, key: str = "", raw: bytes | None = None,
                 headers: dict[str, str] | None = None) -> tuple[int, object, dict[str, str]]:
        """As `call`, with all header fields of the answer, names in lower case."""
        connection = self.connect()
        try:
            fields = dict(headers or {})
            if key:
                fields["Authorization"] = f"Bearer {key}"
            data = raw if raw is not None else None if body is None else json.dumps(body).encode()
            if data is not None:
                fields.setdefault("Content-Type", "application/json")
            connection.request(method, path, data, fields)
            response = connection.getresponse()
            text = response.read()
            answer = {name.lower(): value for name, value in response.getheaders()}
            is_json = "json" in answer.get("content-type", "") and text
            return response.status, json.loads(text) if is_json else text, answer
        finally:
            connection.close()

    def stop(self) -> int:
        """Asks the server to end, and returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        finally:
            self.kill()

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log.close()
