"""Starts `souk serve`, waits until it is ready, and looks at its memory."""
import json, pathlib, signal, socket, subprocess, time

from client import Connection
from figures import Figure


class Server:
    """A running server; use it in a `with` statement."""

    def __init__(self, souk: str, shop: pathlib.Path, log: pathlib.Path, timeout: float = 60) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = open(log, "w")
        began = time.monotonic()
        self.process = subprocess.Popen(
            [souk, "serve", "--shop", str(shop), "--port", str(self.port), "--demo"], stdout=self.log, stderr=self.log)
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
    times = []
    for _ in range(5):
        with Server(settings.souk, settings.shop, settings.work / "serve.log") as running:
            times.append(running.seconds_to_ready)
            resident = running.memory_mb("VmRSS")
    figures.append(Figure("server: start to ready, median of 5", sorted(times)[2], "s", 1, False))
    figures.append(Figure("server: resident when ready", round(resident, 1), "MB", 400, False))


def same_answer(left: bytes, right: bytes) -> bool:
    ids = [[item["id"] for item in json.loads(body)["items"]] for body in (left, right)]
    return ids[0] == ids[1]
