"""A small HTTP/1.1 client over one kept-alive socket: little work of its own, so that it measures the server."""
import json, queue, random, socket, threading, time, urllib.parse


class Connection:
    def __init__(self, port: int, key: str = "", timeout: float = 10) -> None:
        self.port, self.timeout = port, timeout
        self.head = f"Host: 127.0.0.1:{port}\r\n" + (f"Authorization: Bearer {key}\r\n" if key else "")
        self.socket: socket.socket | None = None

    def request(self, method: str, path: str, body: bytes = b"", kind: str = "application/json") -> tuple[int, bytes]:
        """Sends one request; opens the socket again if the server closed it."""
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), self.timeout)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        lines = f"{method} {path} HTTP/1.1\r\n{self.head}"
        if body:
            lines += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        try:
            self.socket.sendall(lines.encode() + b"\r\n" + body)
            return self._response()
        except Exception:
            self.close()
            raise

    def get(self, path: str) -> tuple[int, bytes]:
        return self.request("GET", path)

    def get_json(self, path: str) -> dict:
        status, body = self.get(path)
        if status != 200:
            raise RuntimeError(f"GET {path.split('?')[0]}: {status} {body[:120]!r}")
        return json.loads(body)

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def _response(self) -> tuple[int, bytes]:
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._receive()
        head = data[:end].lower()
        body = data[end + 4:]
        status = int(head[9:12])
        place = head.find(b"\r\ncontent-length:")
        if place < 0:
            raise RuntimeError("a response without Content-Length")
        length = int(head[place + 17:].split(b"\r\n", 1)[0])
        while len(body) < length:
            body += self._receive()
        if b"\r\nconnection: close" in head:
            self.close()
        return status, body

    def _receive(self) -> bytes:
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data


def in_turn(connection: Connection, paths: list[str], rounds: int) -> list[float]:
    """Milliseconds of each request, one after the other; the first round warms up and does not count."""
    times = []
    for number in range(rounds + 1):
        for path in paths:
            began = time.perf_counter()
            status, _ = connection.get(path)
            elapsed = (time.perf_counter() - began) * 1000
            if status != 200:
                raise RuntimeError(f"GET {path.split('?')[0]}: {status}")
            if number:
                times.append(elapsed)
    return times


def open_loop(port: int, key: str, paths: list[str], per_second: float, seconds: float, workers: int = 24) -> list[float]:
    """Milliseconds from the moment a request was due to the end of its answer; arrivals are Poisson with a fixed seed.

    A slow server does not slow the arrivals down: waiting for a free connection counts as latency.
    """
    chance = random.Random(1)
    due: queue.SimpleQueue = queue.SimpleQueue()
    moment, count = 0.0, 0
    while moment < seconds:
        due.put((moment, paths[count % len(paths)]))
        moment += chance.expovariate(per_second)
        count += 1
    times: list[float] = []
    problems: list[str] = []
    start = time.perf_counter() + 0.2

    def work() -> None:
        connection = Connection(port, key)
        while True:
            try:
                offset, path = due.get_nowait()
            except queue.Empty:
                return
            wait = start + offset - time.perf_counter()
            if wait > 0:
                time.sleep(wait)
            try:
                status, _ = connection.get(path)
                if status != 200:
                    problems.append(str(status))
            except Exception as error:
                problems.append(str(error))
            times.append((time.perf_counter() - start - offset) * 1000)

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise RuntimeError(f"{len(problems)} of {count} requests failed, first: {problems[0]}")
    return times


def query_path(shop: str, query: str, **more: str) -> str:
    return f"/v1/shops/{shop}/search?" + urllib.parse.urlencode({"q": query} | more)
