"""The evaluation tasks beside search, baskets, sequences and ratings, and the comparison of models: each once, with one bad input."""
import pathlib

from evaluation import CUT, honest, last_json
from harness import Shop, check, is_one_error

# The first day on which an item of the shop is bought that nobody had before.
NEW_CUT = "2026-01-31"


def check_scenarios(shop: Shop) -> None:
    for task, cut, more, page, bad, problem, code in [
        ("newcomers", CUT, [], "Lists for somebody new", ["--events", "0,x"], "0,x", 2),
        ("newcomers", CUT, ["--events", "0,2", "--model", "popularity,blend"], "2 things known", ["--model", "magic", "--events", "1"], "magic", 1),
        ("newitems", NEW_CUT, ["--model", "content"], "new items", ["--model", "magic"], "magic", 1),
        ("reranking", CUT, ["--setting", "off", "--setting", "mmr:0.3"], "against diversity", ["--setting", "mmr:9"], "mmr:9", 1),
        ("sessions", CUT, ["--model", "vmis,popularity"], "By how much of a session is known", ["--event", "nod"], "nod", 2),
    ]:
        report = shop.folder / f"{task}.html"
        words = ["evaluate", task, "--shop", str(shop.path), "--cut", cut]
        result = last_json(shop.run(*words, *more, "--report", str(report)))
        check(f"evaluate {' '.join([task, *more])} measures and checks", honest(result) and "p_holm" in str(result), result)
        text = report.read_text()
        check(f"its report has a verdict, checks and the tests after Holm", all(word in text for word in ("What to conclude", "<h2>Checks", "p after Holm", page)), text[:300])
        done = shop.run(*words, *bad, status=None)
        check(f"evaluate {task} {' '.join(bad)} is one clear error", is_one_error(done, problem, status=code), done.stderr)


def check_sessions(shop: Shop) -> None:
    data = shop.folder / "sessions-of-a-file.txt"
    data.write_text("".join(f"s{n} {n % 7} {n % 7 + 1} {n % 7 + 2} {n % 3 + 20}\n" for n in range(300)))
    words = ["evaluate", "sessions", "--data", str(data), "--model", "vmis,popularity"]
    done = shop.run(*words, status=None)
    check("sessions that are copies of each other fail loudly, figures shown", is_one_error(done, "worthless") or honest(last_json(done)), done.stderr)
    result = last_json(done)
    check("sessions of a file are measured", result["sessions"] == 30 and result["models"]["vmis"]["mrr@20"] > result["models"]["popularity"]["mrr@20"], result)
    data.write_text("s1 1 2\ns1 3 4\n")
    done = shop.run(*words, status=None)
    check("a session that comes twice is one clear error", is_one_error(done, "line 2", "s1"), done.stderr)


def check_copies(shop: Shop) -> None:
    data = shop.folder / "copies.txt"
    data.write_text("".join(f"u{n} {n % 20} {n % 20 + 1} {n % 20 + 2} {n % 20 + 3} {n % 20 + 4} {n % 20 + 5}\n" for n in range(200)))
    done = shop.run("evaluate", "sequences", "--data", str(data), "--model", "pctm", "--run", str(shop.folder / "copies.run"), status=None)
    check("people who are copies of each other fail a run", is_one_error(done, "copies", "200 of 200"), done.stderr)
    result = last_json(done)
    check("its figures are shown with what is wrong", result["users"] == 200 and not result["checks"]["copies"]["passed"], result)


def check_off_policy(shop: Shop) -> None:
    log, other, report = (shop.folder / name for name in ("impressions.csv", "other.csv", "offpolicy.html"))
    header = "item_id,position,click,propensity_score\n"
    log.write_text(header + "".join(f"{n % 2},1,{int(n % 4 == 0 or n % 20 == 1)},0.5\n" for n in range(400)))
    other.write_text(header + "".join(f"0,1,{n % 2},1\n" for n in range(100)))
    words = ["evaluate", "offpolicy", "--impressions", str(log), "--policy", str(other)]
    result = last_json(shop.run(*words, "--report", str(report)))
    check("a policy's value is estimated from another's log", abs(result["ips"] - 0.5) < 1e-9 and result["effective"] == 200, result)
    check("the report of estimates names them all", all(name in report.read_text() for name in ("IPS", "SNIPS", "DR", "DM", "on policy")))
    other.write_text(header + "0,1,1,0\n")
    done = shop.run(*words, status=None)
    check("a propensity of zero is one clear error", is_one_error(done, "other.csv", "propensity"), done.stderr)


def check_comparison(shop: Shop) -> None:
    report, data = shop.folder / "compare.html", shop.folder / "compare.txt"
    data.write_text("".join(" ".join([f"u{u}"] + [str((u + k * (1 + u % 3)) % 40 + 1) for k in range(8)]) + "\n" for u in range(60)))
    result = last_json(shop.run("compare", "pctm", "rules", "--data", str(data), "--report", str(report)))
    check("two models are compared on a file", set(result["models"]) == {"pctm", "rules"} and all(0 <= one["ndcg@10"] <= 1 for one in result["models"].values()), result)
    check("the page of the comparison tests them", "p after Holm" in report.read_text())
    done = shop.run("compare", "pctm", "magic", "--data", str(data), "--report", str(report), status=None)
    check("comparing with an unknown model is one clear error", is_one_error(done, "magic"), done.stderr)


def check_tuning(shop: Shop, data: pathlib.Path | None = None) -> None:
    log = shop.folder / "sequence-trials.jsonl"
    data = data or shop.folder / "compare.txt"
    result = last_json(shop.run("tune", "--data", str(data), "--model", "pctm", "--method", "random", "--trials", "2", "--log", str(log)))
    check("a model of sequences is tuned", result["trials"] == 2 and len(log.read_text().splitlines()) >= 2, result)
    done = shop.run("tune", "--data", str(data), "--model", "magic", "--log", str(shop.folder / "none.jsonl"), status=None)
    check("tuning an unknown model is one clear error", is_one_error(done, "magic"), done.stderr)


def check_measures(shop: Shop) -> None:
    for part in (check_scenarios, check_sessions, check_copies, check_off_policy, check_comparison, check_tuning):
        part(shop)
