"""Kills, damage, locks and a full disk: nothing acknowledged is lost, and each gives one clear error."""
import http.client
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import threading
import time

from harness import BASE, Server, Shop, check, is_one_error, now_text, skip
from serving import post_events


def check_kill_while_ingesting(shop: Shop, keys: dict[str, str]) -> None:
    """kill -9 during ingestion: what was acknowledged is in the log afterwards, and sending it again repeats it."""
    acknowledged: list[list[dict]] = []
    server = Server(shop)

    def send(sender: int) -> None:
        connection, number = server.connect(), 0
        while True:
            rows = [{"event_id": f"k{sender}-{number}-{n}", "name": "view_item", "time": now_text(), "session": "s",
                     "items": [{"item_id": f"i{n % 60}"}]} for n in range(50)]
            number += 1
            try:
                page = post_events(server, keys["ingest"], connection, rows)
            except (OSError, http.client.HTTPException, ValueError):
                return
            if page and page["accepted"] == len(rows):
                acknowledged.append(rows)

    senders = [threading.Thread(target=send, args=(number,)) for number in range(3)]
    for sender in senders:
        sender.start()
    end = time.monotonic() + 20
    while len(acknowledged) < 60 and time.monotonic() < end:
        time.sleep(0.005)
    server.process.kill()
    for sender in senders:
        sender.join()
    server.kill()
    check("events were acknowledged before the kill", len(acknowledged) >= 60, len(acknowledged))
    with sqlite3.connect(f"file:{shop.path}/shop.sqlite?mode=ro", uri=True) as base:
        stored = {row[0] for row in base.execute("SELECT id FROM event WHERE id LIKE 'k%'")}
    base.close()
    wanted = {row["event_id"] for rows in acknowledged for row in rows}
    check("every acknowledged event is in the log after kill -9", wanted <= stored, f"{len(wanted - stored)} of {len(wanted)} are lost")
    with Server(shop) as server:
        connection, repeated = server.connect(), 0
        for rows in acknowledged:
            page = post_events(server, keys["ingest"], connection, rows)
            repeated += page["repeated"] if page else 0
        check("sending them again adds none", repeated == len(wanted), (repeated, len(wanted)))
        check("SIGTERM ends the server well", server.stop() == 0)
    doctor = shop.on("doctor", status=None)
    check("doctor finds nothing after the kill", doctor.returncode == 0, doctor.stdout)


def check_kill_while_publishing(shop: Shop) -> None:
    """kill -9 around the moment at which `souk publish` changes generations, and in `souk index`: old or new, never half."""
    shop = shop.copy("killed")
    start = time.monotonic()
    shop.on("publish")
    whole = time.monotonic() - start
    chance, delay, seen, problems = random.Random(7), whole, set(), []
    before = json.loads((shop.path / "published.json").read_text())["generation"]
    for _ in range(24):
        process = subprocess.Popen([shop.souk, "publish", "--shop", str(shop.path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        process.kill()
        process.wait()
        try:
            current = json.loads((shop.path / "published.json").read_text())
        except ValueError as error:
            problems.append(error)
            break
        parts = [current["index"], *current["models"].values()]
        if current["generation"] < before or not all((shop.path / part / "manifest.json").exists() for part in parts):
            problems.append(current)
        is_after = current["generation"] > before
        seen.add(is_after)
        delay *= chance.uniform(0.7, 1) if is_after else chance.uniform(1, 1.4)
        before = current["generation"]
    check("after kill -9 while publishing a whole generation is named", not problems, problems)
    check("some kills came before and some after the change", seen == {False, True}, seen)
    doctor = shop.on("doctor", status=None)
    check("doctor finds nothing broken after these kills", doctor.returncode == 0, doctor.stdout)
    process = subprocess.Popen([shop.souk, "index", "--shop", str(shop.path), "--no-dictionaries"], stderr=subprocess.DEVNULL)
    time.sleep(whole * 0.5)
    process.kill()
    process.wait()
    shop.index()
    shop.on("publish")
    with Server(shop) as server:
        generation = server.call("GET", "/health")[1]["shops"][0]["generation"]
        check("publishing goes on after the kills", generation > before, (generation, before))


def check_damage(shop: Shop) -> None:
    """A truncated or bit-flipped file of the index or the models: `serve` refuses, `doctor` finds it."""
    shop = shop.copy("damaged")
    current = json.loads((shop.path / "published.json").read_text())
    for kind, part in [("index", current["index"]), ("model", next(iter(current["models"].values())))]:
        files = sorted(file for file in (shop.path / part).iterdir() if file.stat().st_size > 0)
        largest = max((file for file in files if file.name != "manifest.json"), key=lambda file: file.stat().st_size)
        manifest = shop.path / part / "manifest.json"
        for what, file in [("truncated", largest), ("bit-flipped", largest), ("missing", largest), ("bit-flipped manifest of the", manifest)]:
            whole = file.read_bytes()
            file.unlink()
            if what == "truncated":
                file.write_bytes(whole[:len(whole) // 2])
            elif what.startswith("bit-flipped"):
                middle = len(whole) * 2 // 3
                file.write_bytes(whole[:middle] + bytes([whole[middle] ^ 4]) + whole[middle + 1:])
            check_refusal(shop, f"serving a {what} {kind} is one clear error", part if kind == "index" else "model")
            doctor = shop.on("doctor", status=None)
            check(f"doctor finds a {what} {kind}", doctor.returncode == 1 and "broken" in doctor.stdout and part in doctor.stdout, doctor.stdout)
            file.unlink(missing_ok=True)
            file.write_bytes(whole)
    database = shop.path / "shop.sqlite"
    whole = database.read_bytes()
    flipped = bytearray(whole)
    flipped[4096:8192] = b"\xa5" * 4096
    for name, data in [("overwritten", bytes(flipped)), ("truncated", whole[:len(whole) // 3]), ("foreign", b"no database " * 1000)]:
        database.write_bytes(data)
        doctor = shop.on("doctor", status=None)
        check(f"doctor finds an {name} database" if name[0] == "o" else f"doctor finds a {name} database",
              doctor.returncode == 1 and "broken" in doctor.stdout and "backup" in doctor.stdout, doctor.stdout + doctor.stderr)
    database.write_bytes(whole)
    config = shop.path / "config.json"
    text = config.read_text()
    config.write_text(text[:-5])
    done = shop.on("index", status=None)
    check("a broken config.json is one clear error", is_one_error(done, "config.json"), done.stderr)
    config.write_text(text)
    (shop.path / "identity.key").chmod(0o644)
    doctor = shop.on("doctor", status=None)
    check("doctor finds a key that others may read", doctor.returncode == 1 and "chmod 600" in doctor.stdout, doctor.stdout)
    (shop.path / "identity.key").chmod(0o600)
    check("doctor finds nothing once all is as it was", shop.on("doctor", status=None).returncode == 0)


def check_refusal(shop: Shop, name: str, word: str) -> None:
    try:
        done = shop.on("serve", "--port", "0", status=None, timeout=20)
        check(name, is_one_error(done, word), done.stderr)
    except subprocess.TimeoutExpired:
        check(name, False, "it serves")


def check_lock(shop: Shop, keys: dict[str, str]) -> None:
    """Another process holds the database: reading goes on, writing says so, and nothing is lost."""
    with Server(shop) as server:
        base = sqlite3.connect(shop.path / "shop.sqlite", isolation_level=None)
        base.execute("BEGIN IMMEDIATE")
        event = {"event_id": "locked-1", "name": "view_item", "time": now_text(), "items": [{"item_id": "i1"}]}
        answers: list = []
        poster = threading.Thread(target=lambda: answers.append(server.exchange("POST", f"{BASE}/events", {"events": [event]}, key=keys["ingest"])))
        poster.start()
        status, _, _ = server.call("GET", f"{BASE}/search?q=banana", key=keys["search"])
        check("a locked database is still searched", status == 200, status)
        items = shop.folder / "items.csv"
        done = shop.on("import", "--items", str(items), status=None)
        check("importing into a locked database is one clear error", is_one_error(done, "locked"), done.stderr)
        poster.join()
        status, page, fields = answers[0]
        check("posting into a locked database is 503 with Retry-After", status == 503 and "retry-after" in fields, (status, page, fields))
        base.execute("ROLLBACK")
        base.close()
        status, page, _ = server.call("POST", f"{BASE}/events", {"events": [event]}, key=keys["ingest"])
        check("afterwards the event is taken", status == 202 and page["accepted"] == 1, (status, page))


def check_full_disk(shop: Shop, keys: dict[str, str]) -> None:
    """A disk that is full: writing says so, what was acknowledged stays, and with room it goes on."""
    disk = shop.folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)], capture_output=True, text=True)
    if mounted.returncode != 0:
        return skip("a full disk", f"this user may not mount a small disk ({mounted.stderr.strip()})")
    try:
        small = shop.path.name
        shutil.copytree(shop.path, disk / small, ignore=lambda folder, names: [n for n in names if n in ("index", "models", "generations", "published.json")])
        tiny = Shop(shop.souk, shop.folder, disk / small)
        with Server(tiny) as server:
            connection, acknowledged, refused = server.connect(), [], None
            for number in range(4000):
                rows = [{"event_id": f"f{number}-{n}", "name": "view_item", "time": now_text(), "session": "s" * 60, "query": "q" * 200,
                         "items": [{"item_id": f"i{n % 60}"}]} for n in range(50)]
                connection.request("POST", f"{BASE}/events", json.dumps({"events": rows}).encode(),
                                   {"Authorization": f"Bearer {keys['ingest']}", "Content-Type": "application/json"})
                response = connection.getresponse()
                page = json.loads(response.read())
                if response.status != 202:
                    refused = (response.status, page)
                    break
                acknowledged += [row["event_id"] for row in rows]
            check("a full disk is 507", refused is not None and refused[0] == 507, refused)
            status, _, _ = server.call("GET", "/health")
            check("with a full disk the server still answers", status == 200, status)
            subprocess.run(["mount", "-o", "remount,size=24m", str(disk)], check=True)
            status, page, _ = server.call("POST", f"{BASE}/events", {"events": rows}, key=keys["ingest"])
            check("with room again events are taken", status == 202 and page["accepted"] == len(rows), (status, page))
            check("the server ends well", server.stop() == 0)
        with sqlite3.connect(tiny.path / "shop.sqlite") as base:
            stored = {row[0] for row in base.execute("SELECT id FROM event WHERE id LIKE 'f%'")}
        base.close()
        check("no acknowledged event was lost", set(acknowledged) <= stored, len(set(acknowledged) - stored))
        (disk / "ballast").write_bytes(b"0" * free_bytes(disk))
        done = tiny.on("index", "--no-dictionaries", status=None)
        check("indexing onto a full disk is one clear error", is_one_error(done), done.stderr)
        (disk / "ballast").unlink()
        tiny.index()
        doctor = tiny.on("doctor", status=None)
        check("doctor finds nothing broken after the full disk", doctor.returncode == 0, doctor.stdout)
    finally:
        subprocess.run(["umount", "-l", str(disk)])


def free_bytes(folder: os.PathLike) -> int:
    status = os.statvfs(folder)
    return max(0, status.f_bavail * status.f_frsize - 4096)


def check_signals(shop: Shop, keys: dict[str, str]) -> None:
    """SIGHUP under load drops no request; SIGTERM finishes what is under way."""
    with Server(shop) as server:
        stop, failures, generations, counts = threading.Event(), [], set(), []

        def ask() -> None:
            connection, count = server.connect(), 0
            while not stop.is_set():
                try:
                    connection.request("GET", f"{BASE}/search?q=banana", headers={"Authorization": f"Bearer {keys['search']}"})
                    response = connection.getresponse()
                    page = json.loads(response.read())
                    if response.status != 200 or not page["items"]:
                        failures.append((response.status, page))
                    generations.add(page["generation"])
                    count += 1
                except (OSError, http.client.HTTPException, ValueError) as error:
                    failures.append(error)
                    return
            counts.append(count)

        askers = [threading.Thread(target=ask) for _ in range(3)]
        for asker in askers:
            asker.start()
        first = server.call("GET", "/health")[1]["shops"][0]["generation"]
        for _ in range(3):
            shop.on("publish")
            server.process.send_signal(signal.SIGHUP)
            wanted = json.loads((shop.path / "published.json").read_text())["generation"]
            end = time.monotonic() + 15
            while server.call("GET", "/health")[1]["shops"][0]["generation"] != wanted and time.monotonic() < end:
                time.sleep(0.02)
        time.sleep(0.2)
        stop.set()
        for asker in askers:
            asker.join()
        check("SIGHUP loads each new generation", {first, first + 1, first + 2, first + 3} <= generations, (first, generations))
        check("no request is dropped while loading", not failures and sum(counts) > 20, (failures[:2], counts))
        check_stop(server, shop, keys)


def check_stop(server: Server, shop: Shop, keys: dict[str, str]) -> None:
    """A request whose body is half sent when SIGTERM comes is finished, and its events are kept."""
    body = json.dumps({"events": [{"event_id": "last-one", "name": "view_item", "time": now_text(), "items": [{"item_id": "i1"}]}]}).encode()
    connection = server.connect()
    connection.putrequest("POST", f"{BASE}/events")
    for name, value in [("Authorization", f"Bearer {keys['ingest']}"), ("Content-Type", "application/json"), ("Content-Length", str(len(body)))]:
        connection.putheader(name, value)
    connection.endheaders(body[:20])
    time.sleep(0.3)
    server.process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    connection.send(body[20:])
    response = connection.getresponse()
    page = json.loads(response.read())
    check("a request that is under way at SIGTERM is answered", response.status == 202 and page["accepted"] == 1, (response.status, page))
    check("then the server ends well", server.process.wait(30) == 0)
    with sqlite3.connect(f"file:{shop.path}/shop.sqlite?mode=ro", uri=True) as base:
        count = base.execute("SELECT count(*) FROM event WHERE id = 'last-one'").fetchone()[0]
    base.close()
    check("its event is in the log", count == 1)


def check_kill_while_recommending(shop: Shop) -> None:
    """kill -9 in `souk recommend --all`: the file is whole or absent, and --resume ends with the bytes of an uninterrupted run."""
    whole, killed = shop.folder / "whole.jsonl", shop.folder / "killed.jsonl"
    words = ["recommend", "--all", "--scenario", "home", "--limit", "5"]
    start = time.monotonic()
    shop.on(*words, "--out", str(whole))
    seconds = time.monotonic() - start
    lines = [json.loads(line) for line in whole.read_text().splitlines()]
    check("everybody has a shelf", lines and all(line["user"] and line["items"] for line in lines) and len({line["user"] for line in lines}) == len(lines), lines[:1])
    again = shop.folder / "again.jsonl"
    shop.on(*words, "--out", str(again))
    check("a batch is the same each time", again.read_bytes() == whole.read_bytes())
    chance, halves = random.Random(5), 0
    for _ in range(8):
        process = subprocess.Popen([shop.souk, *words, "--shop", str(shop.path), "--out", str(killed)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(seconds * chance.uniform(0.3, 1))
        process.kill()
        process.wait()
        if killed.exists() and killed.read_bytes() != whole.read_bytes():
            halves += 1
        if not killed.exists():
            shop.on(*words, "--out", str(killed), "--resume")
        halves += killed.read_bytes() != whole.read_bytes()
        killed.unlink()
        shutil.rmtree(f"{killed}.parts", ignore_errors=True)
    check("a batch that was killed ends with the same bytes", halves == 0, halves)
    check("a batch is for nobody in particular", is_one_error(shop.on(*words, "--out", str(killed), "--user", "x", status=2), "--user", status=2))
