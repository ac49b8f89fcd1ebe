"""Starts `souk serve`, waits until it is ready, and looks at its memory."""
import io, json, pathlib, random, signal, socket, struct, subprocess, time, urllib.parse, wave

from client import Connection
from figures import Figure


class Server:
    """A running server; use it in a `with` statement."""

    def __init__(self, souk: str, shop: pathlib.Path, log: pathlib.Path, timeout: float = 60, more: tuple[str, ...] = ()) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = open(log, "w")
        began = time.monotonic()
        self.process = subprocess.Popen(
            [souk, "serve", "--shop", str(shop), "--port", str(self.port), "--demo", *more], stdout=self.log, stderr=self.log)
        try:
            self._wait_until_ready(began + timeout, log)
            self.seconds_to_ready = time.monotonic() - began
            config = Connection(self.port).get_json("/storefront/config.json")
        except Exception:
            self.close()
            raise
        self.shop, self.key, self.households = config["shop"], config["search_key"], config.get("households", [])

    def _wait_until_ready(self, end: float, log: pathlib.Path) -> None:
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"souk serve ended with {self.process.returncode}: {log.read_text()[-200:]}")
            connection = Connection(self.port, timeout=2)
            try:
                if connection.get("/health")[0] == 200:
                    return
            except (OSError, RuntimeError):
                time.sleep(0.005)
            finally:
                connection.close()
        raise RuntimeError("souk serve is not ready in time")

    def connection(self) -> Connection:
        return Connection(self.port, self.key)

    def memory_mb(self, field: str = "VmHWM") -> float:
        """`VmHWM`: the most that was resident so far, mapped files included; `VmRSS`: now."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith(field + ":"))) / 1024

    def close(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def measure_start(settings, figures: list[Figure]) -> None:
    start(settings, figures, "server", (1, 400))
    fashion = settings.shop.with_name("fashion")
    if not (fashion / "config.json").exists():
        figures.append(Figure("server of both shops", problem=f"{fashion} is missing: run `make shop`"))
        return
    more = ("--shop", str(fashion), "--networks", "var/models", "--reports", "var/reports")
    start(settings, figures, "server of both shops", (2, 900), more)


def start(settings, figures: list[Figure], name: str, bars: tuple[float, float], more: tuple[str, ...] = ()) -> None:
    """`bars`: seconds, and megabytes after a question of each kind, so that all that is mapped on demand is counted."""
    times = []
    for _ in range(5):
        with Server(settings.souk, settings.shop, settings.work / "serve.log", more=more) as running:
            times.append(running.seconds_to_ready)
            resident = running.memory_mb("VmRSS")
            warm(running, bool(more))
            used = running.memory_mb("VmRSS")
    figures.append(Figure(f"{name}: start to ready, median of 5", sorted(times)[2], "s", bars[0], False))
    figures.append(Figure(f"{name}: resident when ready", round(resident, 1), "MB", bars[1], False))
    figures.append(Figure(f"{name}: resident after searches and shelves", round(used, 1), "MB", bars[1], False))


def warm(running: Server, fashion: bool) -> None:
    """Some searches by words and meaning, shelves of some households, a recording, and what looks alike."""
    connection = running.connection()
    try:
        base = f"/v1/shops/{running.shop}"
        for words in ("milk", "something for breakfast", "dog food", "banannas", "gluten free pasta"):
            connection.get_json(f"{base}/search?q={urllib.parse.quote(words)}&facets=category,brand")
        for household in running.households[:50]:
            connection.get_json(f"{base}/recommend/home?user={urllib.parse.quote(household)}")
        status, body = connection.request("POST", f"{base}/voice", second_of_noise(), "audio/wav")
        if status not in (200, 422):
            raise RuntimeError(f"a recording: {status} {body[:120]!r}")
    finally:
        connection.close()
    if not fashion:
        return
    config = Connection(running.port).get_json("/storefront/config.json?shop=fashion")
    connection = Connection(running.port, config["search_key"])
    try:
        items = connection.get_json("/v1/shops/fashion/search?q=&per_page=5")["items"]
        for item in items:
            connection.get_json(f"/v1/shops/fashion/items/{item['id']}/similar-pictures")
    finally:
        connection.close()


def second_of_noise() -> bytes:
    """A WAV file of one channel, 16 bits, 16 kHz: no words, but the recogniser is loaded and runs."""
    buffer, source = io.BytesIO(), random.Random(1)
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(struct.pack("<16000h", *(source.randrange(-3000, 3000) for _ in range(16_000))))
    return buffer.getvalue()


def same_answer(left: bytes, right: bytes) -> bool:
    ids = [[item["id"] for item in json.loads(body)["items"]] for body in (left, right)]
    return ids[0] == ids[1]
