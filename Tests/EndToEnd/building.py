"""Making the shop from feeds, and what the command line says to a mistake."""
from harness import RAW_USERS, Shop, check, is_one_error


def build_shop(shop: Shop) -> None:
    items, events = shop.write_feeds()
    shop.on("init", "--title", "Corner shop", "--currency", "EUR", "--demo")
    shop.on("import", "--items", str(items), "--full")
    shop.on("import", "--events", str(events))
    check("a shop is made and its feeds are imported", (shop.path / "shop.sqlite").exists())
    again = shop.on("import", "--items", str(items), "--full")
    check("importing items twice changes nothing", "60 unchanged" in again.stderr and "changed," not in again.stderr.replace("unchanged,", ""),
          again.stderr)
    again = shop.on("import", "--events", str(events))
    check("importing events twice adds none", "480 events known before" in again.stderr and "accepted" not in again.stderr, again.stderr)
    half = shop.folder / "half.csv"
    half.write_text("".join(items.read_text().splitlines(True)[:20]))
    refused = shop.on("import", "--items", str(half), "--full", status=None)
    check("a full feed that would withdraw too much stops and asks", is_one_error(refused, "--force", status=3), refused.stderr)
    dry = shop.on("import", "--items", str(half), "--full", "--force", "--dry-run")
    check("a dry run says what would go", "41 withdrawn" in dry.stderr, dry.stderr)
    broken = shop.folder / "broken.jsonl"
    broken.write_text('{"id": "bad", "title": "No price", "price": "-3 EUR"}\n{"id": \n{"id":"nan","title":"x","price":"NaN"}\n'
                      '{"id": "money", "title": "x", "price": "3 XXY"}\n{"id": 5, "title": []}\n')
    done = shop.on("import", "--items", str(broken), status=None)
    rejects = (shop.path / "rejects.jsonl").read_text().splitlines()
    check("rows that are refused are counted and named", "5 refused" in done.stderr and len(rejects) == 5, (done.stderr, rejects))
    shop.index()
    shop.on("train")
    shop.on("publish")
    check("index, train and publish end well", (shop.path / "published.json").exists())
    doctor = shop.on("doctor", status=None)
    check("doctor finds nothing, and opens what is published", doctor.returncode == 0 and "broken" not in doctor.stdout and "can be served" in doctor.stdout, doctor.stdout)
    found = shop.on("search", "banana", "--limit", "3")
    check("the terminal finds bananas", found.stdout.count("Bananas") == 3, found.stdout)
    ranked = shop.on("search", "banana", "--limit", "3", "--fusion", "rrf:20")
    check("another way to join words and meaning finds them too", ranked.stdout.count("Bananas") == 3, ranked.stdout)
    warm = shop.on("train", "--warm")
    check("a warm training trains in full where there are no rankers to keep, and says why",
          "No rankers are kept, for models/recommenders/1 had too little to learn from" in warm.stderr and "recommenders 2" in warm.stderr, warm.stderr)
    shelf = shop.on("recommend", "home", "--user", RAW_USERS[1], "--limit", "3")
    check("the terminal recommends", len(shelf.stdout.strip().splitlines()) == 3, shelf.stdout)


def check_mistakes(shop: Shop) -> None:
    def mistake(name: str, status: int, *words: str, mentions: list[str]) -> None:
        done = shop.run(*words, status=None)
        check(name, is_one_error(done, *mentions, status=status), (done.returncode, done.stderr))

    path = str(shop.path)
    mistake("an unknown command is one clear error", 2, "serch", mentions=["serch", "search"])
    mistake("an unknown option is one clear error", 2, "index", "--shop", path, "--fulll", mentions=["fulll"])
    mistake("a missing option is one clear error", 2, "index", mentions=["--shop"])
    mistake("a folder that is no shop is one clear error", 1, "index", "--shop", str(shop.folder / "nowhere"), mentions=["nowhere", "souk init"])
    mistake("a shop that exists is not made again", 1, "init", "--shop", path, mentions=["holds a shop already"])
    mistake("a missing feed is one clear error", 1, "import", "--shop", path, "--items", "/nowhere/items.csv", mentions=["/nowhere/items.csv"])
    mistake("a feed of unknown kind is one clear error", 1, "import", "--shop", path, "--items", "items.xml", mentions=[".csv"])
    mistake("a missing file of queries is one clear error", 1, "evaluate", "search", "--shop", path, "--queries", "/nowhere/q",
            "--qrels", "/nowhere/r", "--run", str(shop.folder / "run"), mentions=["/nowhere/q"])
    mistake("an unknown fusion is one clear error", 1, "search", "banana", "--shop", path, "--fusion", "rrf:0", mentions=["rrf:0", "convex"])
    mistake("an unknown task is one clear error", 2, "evaluate", "cooking", mentions=["cooking", "baskets"])
    mistake("an unknown model is one clear error", 1, "evaluate", "baskets", "--shop", path, "--cut", "2026-04-01", "--model", "magic",
            "--run", "/dev/null", "--run-new", "/dev/null", mentions=["magic"])
    mistake("an unknown generation is one clear error", 1, "publish", "--shop", path, "--rollback", "99", mentions=["99"])
    help_text = shop.run("evaluate", "--help").stdout
    check("each command explains itself", "--queries" in help_text and "Usage: souk evaluate" in help_text, help_text)
    empty = shop.folder / "empty"
    shop.run("init", "--shop", str(empty))
    mistake("training without events is one clear error", 1, "train", "--shop", str(empty), mentions=["import events"])
    mistake("publishing nothing is one clear error", 1, "publish", "--shop", str(empty), mentions=["souk index"])


def check_keys(shop: Shop) -> dict[str, str]:
    """Makes a key of each scope and returns them."""
    keys = {scope: shop.key(f"test-{scope}", scope) for scope in ("admin", "ingest", "search")}
    shown = shop.on("keys", "list").stdout
    check("keys are listed by name and scope, never themselves",
          all(f"test-{scope}  {scope}" in shown and keys[scope] not in shown for scope in keys), shown)
    raw = b"".join(file.read_bytes() for file in shop.path.rglob("*") if file.is_file())
    check("no key is stored as it is", not any(key.encode() in raw for key in keys.values()))
    unknown = shop.on("keys", "revoke", "nobody", status=None)
    check("revoking an unknown key is one clear error", is_one_error(unknown, "nobody"), unknown.stderr)
    return keys
