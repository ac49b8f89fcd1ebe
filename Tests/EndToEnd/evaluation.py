"""The three evaluation tasks: figures, reports, and runs that do not depend on what they must not see."""
import json
import pathlib
import sqlite3
import subprocess

from harness import RAW_USERS, Shop, check, is_one_error

CUT = "2026-04-01"
CUT_MILLISECONDS = 1_775_001_600_000


def last_json(done: subprocess.CompletedProcess) -> dict:
    return json.loads(done.stdout.strip().splitlines()[-1])


def honest(result: dict) -> bool:
    """Whether a result names checks, all of them passed."""
    return len(result.get("checks", {})) >= 4 and all(check["passed"] and check["found"] for check in result["checks"].values())


def check_search(shop: Shop) -> None:
    queries, qrels, run, report = (shop.folder / name for name in ("queries.tsv", "qrels.txt", "search.run", "search.html"))
    queries.write_text("q1\thead\ten\tbananas\nq2\ttypo\ten\ttothpaste\n")
    qrels.write_text("".join(f"q1 0 i{n} 3\nq2 0 i{n + 3} 3\n" for n in range(0, 60, 5)))
    words = ["evaluate", "search", "--queries", str(queries), "--qrels", str(qrels), "--run", str(run)]

    def evaluate(*more: str, status: int | None = 0) -> subprocess.CompletedProcess:
        return shop.run(words[0], words[1], "--shop", str(shop.path), *words[2:], *more, status=status)

    result = last_json(evaluate("--report", str(report)))
    check("evaluate search prints its figures", set(result) >= {"queries", "ndcg@10", "zero_results", "nothing_graded", "groups"}, result)
    check("the right items are found in spite of a typo", result["ndcg@10"] > 0.9, result)
    page = report.read_text()
    check("the report is one HTML file that loads nothing", page.startswith("<!doctype html>") and "http://" not in page.replace("http://www.w3.org", "")
          and "https://" not in page, page[:200])
    before = run.read_bytes()
    lines = before.decode().splitlines()
    check("the run is a TREC run", len(lines) > 10 and all(len(line.split()) == 6 for line in lines), lines[:3])
    for name, text in [("emptied", ""), ("turned around", "".join(f"q1 0 i{n} 0\nq2 0 i{n} 3\n" for n in range(60)))]:
        qrels.write_text(text)
        run.unlink()
        evaluate(status=None)
        check(f"the run stays the same when judgements are {name}", run.exists() and run.read_bytes() == before)
    queries.write_text("q1\thead\ten\n")
    done = evaluate(status=None)
    check("a broken line of queries is one clear error", is_one_error(done, "queries.tsv", "1"), done.stderr)


def run_baskets(shop: Shop, users: pathlib.Path, name: str) -> tuple[bytes, bytes, dict]:
    run, new = shop.folder / f"{name}.run", shop.folder / f"{name}-new.run"
    done = shop.run("evaluate", "baskets", "--shop", str(shop.path), "--cut", CUT, "--windows", "3", "--users", str(users), "--run", str(run), "--run-new", str(new),
                    "--report", str(shop.folder / f"{name}.html"), status=None)
    result = last_json(done) if done.returncode == 0 else {"error": done.stderr}
    return run.read_bytes(), new.read_bytes(), result


def check_baskets(shop: Shop) -> None:
    users = shop.folder / "users"
    users.write_text("".join(f"{user}\n" for user in RAW_USERS) + "stranger\n")
    run, new, result = run_baskets(shop, users, "baskets")
    check("evaluate baskets scores every shopper, with hits", result.get("households") == len(RAW_USERS) and result["ndcg@10"] > 0.2, result)
    check("evaluate baskets looks for what would make it worthless", honest(result) and {"split", "copies", "constant scorer", "ties"} <= set(result["checks"]), result)
    check("the lean to best sellers is told", result["popularity_bias"]["arp"] > 1 and 0 <= result["popularity_bias"]["long_tail"] <= 1, result)
    page = (shop.folder / "baskets.html").read_text()
    check("the report has a verdict, checks, learning curves, costs, items, worst cases",
          all(word in page for word in ("What to conclude", "p after Holm", "<h2>Checks", "With less to learn from", "seconds of training, by powers of ten", "Which items are found",
                                        "Lean to best sellers", "Worst cases")), page[:300])
    check("the report has comparisons, metrics of lists and power",
          all(word in page for word in ("p after Holm", "Gini of exposure", "Serendipity", "Hit rate@10", "by baskets before the cut", "2026-02-04", "four times out of five")), page[-300:])
    owners = [line.split()[0] for line in run.decode().splitlines()]
    check("runs name the caller's identifiers", owners == RAW_USERS + ["stranger"], owners)
    check("a stranger gets a list too", len(run.decode().splitlines()[-1].split()) > 5, run[-200:])
    for cut in ("2020-01-01", "2099-01-01"):
        done = shop.run("evaluate", "baskets", "--shop", str(shop.path), "--cut", cut, "--run", str(shop.folder / "no.run"),
                        "--run-new", str(shop.folder / "no-new.run"), status=None)
        check(f"a cut at {cut}, with nothing on one side, is one clear error", is_one_error(done, "both sides"), done.stderr)
    later = shop.copy("later-changed")
    with sqlite3.connect(later.path / "shop.sqlite") as base:
        base.execute("UPDATE event_item SET item = 59 - item, quantity = 9 WHERE event IN (SELECT sequence FROM event WHERE time >= ?)",
                     (CUT_MILLISECONDS,))
    base.close()
    changed = run_baskets(later, users, "baskets-changed")
    check("the runs stay the same when later events are changed", changed[:2] == (run, new) and changed[2] != result, changed[2])
    with sqlite3.connect(later.path / "shop.sqlite") as base:
        gone = base.execute("SELECT count(*) FROM event WHERE time >= ?", (CUT_MILLISECONDS,)).fetchone()[0]
        base.execute("DELETE FROM event_item WHERE event IN (SELECT sequence FROM event WHERE time >= ?)", (CUT_MILLISECONDS,))
        base.execute("DELETE FROM event WHERE time >= ?", (CUT_MILLISECONDS,))
    base.close()
    deleted = run_baskets(later, users, "baskets-deleted")
    check("the runs stay the same when later events are deleted", gone > 50 and deleted[:2] == (run, new), (gone, deleted[2]))


def check_sequences(shop: Shop) -> None:
    data, run = shop.folder / "sequences.txt", shop.folder / "sequences.run"

    def write(lines: list[list[str]]) -> None:
        data.write_text("".join(" ".join(line) + "\n" for line in lines))

    report = shop.folder / "sequences.html"
    words = ["evaluate", "sequences", "--data", str(data), "--run", str(run), "--report", str(report)]
    lines = [[f"u{u}"] + [str((u + k * (1 + u % 3)) % 40 + 1) for k in range(8)] for u in range(30)]
    for model in ("pctm", "hybrid"):
        write(lines)
        result = last_json(shop.run(*words, "--model", model))
        check(f"evaluate sequences scores every user with {model}", result["users"] == 30, result)
        page = report.read_text()
        check(f"the report of {model} compares with popularity, and shows curves, checks, items and worst cases",
              all(word in page for word in ("What to conclude", "p after Holm", "<h2>Checks", "ROC curve", "With less to learn from", "by items before the last", "Worst cases")))
        check(f"the checks of {model} pass", honest(result), result)
        before = run.read_bytes()
        lasts = [line[-1] for line in lines]
        write([line[:-1] + [last] for line, last in zip(lines, lasts[7:] + lasts[:7])])
        shop.run(*words, "--model", model)
        check(f"the run of {model} stays the same when last items are exchanged", run.read_bytes() == before)
    write([["long"] + [str(n % 500) for n in range(20_000)], ["short", "1", "2", "3"], ["one", "4"]])
    result = last_json(shop.run(*words))
    check("a user with one event and one with many are scored", result["users"] == 3, result)
    write([[f"u{n}", str(n)] for n in range(9)])
    done = shop.run(*words)
    result = last_json(done)
    check("data in which every user is new scores nothing", result | {"users": 9, "ndcg@10": 0, "recall@10": 0} == result, result)
    times = json.loads(done.stdout.strip().splitlines()[-2])
    check("seconds of training and of lists are told", times["train_seconds"] >= 0 and times["list_seconds"] >= 0, times)
    done = shop.run(*words, "--model", "magic", status=None)
    check("an unknown sequence model is one clear error", is_one_error(done, "magic", "pctm"), done.stderr)
    data.write_text("u1 5 6\nu2\n")
    done = shop.run(*words, status=None)
    check("a user without an item is one clear error", is_one_error(done, "sequences.txt", "line 2"), done.stderr)
    data.write_text("")
    done = shop.run(*words, status=None)
    check("an empty file of sequences is one clear error", is_one_error(done, "sequences.txt"), done.stderr)


def check_tuning(shop: Shop) -> None:
    log, best, page = (shop.folder / name for name in ("trials.jsonl", "best.json", "tune.html"))
    words = ["tune", "--shop", str(shop.path), "--model", "personal", "--cuts", "2026-03-18,2026-03-25,2026-04-01", "--method", "random", "--log", str(log)]
    first = last_json(shop.run(*words, "--trials", "4"))
    check("a search in a shop's past finds at least what is shipped", first["trials"] == 4 and first["validation_ndcg@10"] >= first["shipped_validation_ndcg@10"] > 0.2, first)
    before = log.read_text()
    result = last_json(shop.run(*words, "--trials", "9", "--best", str(best), "--report", str(page)))
    check("it goes on from its log", result["trials"] == 9 and log.read_text().startswith(before), result)
    check("its report is one page with the windows", all(word in page.read_text() for word in ("2026-03-18", "due_slope", "<!doctype html>")))
    check("the best parameters are written", json.loads(best.read_text())["models"]["personal"] == result["parameters"], best.read_text())
    run = ["--run", str(shop.folder / "tuned.run"), "--run-new", str(shop.folder / "tuned-new.run")]
    tuned = last_json(shop.on("evaluate", "baskets", "--cut", CUT, "--model", "personal", "--parameters", str(best), *run))
    check("the best parameters are measured", tuned["ndcg@10"] > 0.2, tuned)
    trained = shop.copy("tuned")
    trained.on("train", "--parameters", str(best))
    manifest = json.loads(max((trained.path / "models/recommenders").glob("*/manifest.json"), key=lambda path: int(path.parent.name)).read_text())
    check("trained models keep their parameters", json.loads(manifest["inputs"]["parameters"]) == json.loads(best.read_text()), manifest["inputs"])
    for more, problem, code in [(["--measure", "recall"], "another search", 1), (["--model", "oracle"], "blend", 1), (["--cuts", "2099-01-01"], "both sides", 1),
                                (["--cuts", "tomorrow"], "tomorrow", 2), (["--measure", "luck"], "recall_new", 2), (["--data", "x"], "either", 2)]:
        changed = list(words)
        if more[0] in changed:
            changed[changed.index(more[0]) + 1] = more[1]
        else:
            changed += more
        done = shop.run(*changed, "--trials", "9", status=None)
        check(f"tune with {' '.join(more)} is one clear error", is_one_error(done, problem, status=code), done.stderr)
    best.write_text('{"format": 1, "models": {"blend": {"decay": 3}}}')
    done = shop.on("train", "--parameters", str(best), status=None)
    check("a parameter out of range is one clear error", is_one_error(done, "best.json", "decay", "0.999"), done.stderr)


def check_comparing(shop: Shop) -> None:
    page, figures, tuned = (shop.folder / name for name in ("compare.html", "figures.json", "slow.json"))
    tuned.write_text('{"format": 1, "models": {"blend": {"decay": 0.95}}}')
    words = ["compare", "--shop", str(shop.path), "--task", "baskets", "--cut", CUT]
    result = last_json(shop.run(*words, "popularity", "personal", "blend", f"blend@{tuned}", "tifu_knn", "--report", str(page)))
    models = result["models"]
    check("models for baskets stand side by side", result["users"] == len(RAW_USERS) and list(models) == ["popularity", "personal", "blend", "blend@slow", "tifu_knn"], result)
    check("each was measured in a process of its own", all(model["memory_mb"] >= 0 and model["peak_mb"] > 10 for model in models.values()), models)
    run = ["--run", str(shop.folder / "blend.run"), "--run-new", str(shop.folder / "blend-new.run")]
    alone = last_json(shop.on("evaluate", "baskets", "--cut", CUT, "--model", "blend", *run))
    check("figures are those of souk evaluate", all(abs(alone[key] - models["blend"][key]) < 1e-9 for key in ("ndcg@10", "recall@10", "recall_new@10")), (alone, models["blend"]))
    check("the page has tests, costs and coverage", all(word in page.read_text() for word in ("p after Holm", "Recall@10, new", "Whole process, MB", "Coverage")))
    check("the page concludes, and has checks, curves, confusion matrices, groups and worst lists",
          all(word in page.read_text() for word in ("What to conclude", "random scorer", "learned from", "ROC curve", "Matthews", "baskets before the cut", "Worst cases")))
    check("the split was checked", all(check["passed"] for check in result["checks"].values()) and "split" in result["checks"], result.get("checks"))
    shop.run(*words, "personal", "--figures", str(figures))
    check("one model's figures are written by person", len(json.loads(figures.read_text())["figures"][0]["values"]) == len(RAW_USERS))
    report = ["--report", str(page)]
    for more, problem, code in [(["popularity", "oracle", *report], "oracle", 1), (["popularity", *report], "two different", 1), (["--all", "blend", *report], "--all", 2),
                                (["blend", f"tifu_knn@{page}", *report], "compare.html", 1), (["blend", "personal", "--figures", str(figures)], "one model", 2)]:
        done = shop.run(*words, *more, status=None)
        check(f"compare with {more[0]} {more[1][:12]} is one clear error", is_one_error(done, problem, status=code), done.stderr)
    for changed, problem, code in [(["2099-01-01", "baskets"], "both sides", 1), ([CUT, "luck"], "new-items", 2)]:
        done = shop.run("compare", "--shop", str(shop.path), "--cut", changed[0], "--task", changed[1], "blend", "personal", *report, status=None)
        check(f"compare with {' '.join(changed)} is one clear error", is_one_error(done, problem, status=code), done.stderr)


def check_ratings(shop: Shop) -> None:
    """Ratings are synthetic: two kinds of people who like opposite kinds of items."""
    data, run, report = (shop.folder / name for name in ("ratings.txt", "ratings.run", "ratings.html"))
    lines = [f"u{u} i{i} {(5, 1)[(u + i) % 2] if (u * i) % 7 else 3} {u * 100 + i}\n" for u in range(30) for i in range(30) if (u * 3 + i) % 4]
    data.write_text("".join(lines) + lines[0])
    words = ["evaluate", "ratings", "--data", str(data), "--run", str(run), "--report", str(report)]
    result = last_json(shop.run(*words))
    plain = result["baselines"]
    check("factors predict ratings that means cannot", result["rmse"] < 0.8 * plain["biases"]["rmse"] < 0.9 * plain["global_mean"]["rmse"] + 1, result)
    check("a repeated rating counts once", result["duplicates"] == 1 and result["ratings"] == len(lines), result)
    predictions = [float(line.split()[2]) for line in run.read_text().splitlines()]
    check("every prediction is written, within the scale", len(predictions) == result["predicted"] and all(1 <= p <= 5 for p in predictions), predictions[:5])
    check("the report names every prediction", all(name in report.read_text() for name in ("factors", "biases", "item_mean", "global_mean")))
    before = run.read_bytes()
    shop.run(*words)
    check("the same seed gives the same predictions", run.read_bytes() == before)
    result = last_json(shop.run(*words, "--split", "time"))
    check("the newest ratings are predicted", result["predicted"] == round(0.2 * len(lines)), result)
    for more, problem, code in [(["--split", "never"], "never", 2), (["--scale", "5,1"], "5,1", 2), (["--scale", "1,4"], "rating 5", 1)]:
        done = shop.run(*words, *more, status=None)
        check(f"{' '.join(more)} is one clear error", is_one_error(done, problem, status=code), done.stderr)
