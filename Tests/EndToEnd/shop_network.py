"""A network that souk-train makes of the shop's own log: measured, taken over, published, asked, and words that are wrong."""
import json
import pathlib
import subprocess

from evaluation import CUT
from harness import RAW_USERS, Shop, check, is_one_error as is_souk_error, skip
from training import is_one_error

SMALL = ["--width", "16", "--length", "8", "--blocks", "1", "--heads", "2", "--negatives", "0", "--batch", "64", "--epochs", "4",
         "--rate", "0.01", "--window", "14", "--least", "1", "--threads", "1"]


def check_shop_network(shop: Shop) -> None:
    trainer = pathlib.Path(shop.souk).with_name("souk-train")
    if not trainer.exists():
        return skip("a network of the shop", f"{trainer} is missing")
    folder, own = shop.folder / "shop-network", shop.copy("with-network")

    def train(*words: str, path: pathlib.Path = own.path) -> subprocess.CompletedProcess:
        return subprocess.run([str(trainer), "sasrec", "--shop", str(path), "--folder", str(folder), "--report", str(folder) + ".html", *SMALL, *words],
                              capture_output=True, text=True, timeout=300)

    done = train("--before", CUT, "--windows", "2")
    result = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else {}
    check("souk-train learns from the shop's log, in two windows", result.get("windows") == 2 and result["people"] == len(RAW_USERS), done.stderr[-300:])
    check("it leaves a card, a report and the curves of each window",
          all(path.exists() for path in (folder / "1/card.md", folder / "folds/2/log.csv", folder / "choosing/1", pathlib.Path(str(folder) + ".html"))))
    runs = ["--run", str(shop.folder / "network.run"), "--run-new", str(shop.folder / "network-new.run")]
    measured = own.on("evaluate", "baskets", "--cut", CUT, "--model", "sequence", "--weights", str(folder / "1"), *runs)
    check("evaluate baskets measures it", json.loads(measured.stdout.splitlines()[-1])["ndcg@10"] > 0, measured.stdout[-300:])
    early = own.on("evaluate", "baskets", "--cut", "2026-03-01", "--model", "sequence", "--weights", str(folder / "1"), *runs, status=None)
    check("a network that learned from later events measures nothing", is_souk_error(early, "learned from events until"), early.stderr)
    own.on("train", "--network", str(folder / "1"))
    own.on("publish")
    check("souk publish names it", json.loads((own.path / "published.json").read_text())["models"].get("sequence") == "models/sequence/1")
    words = ["recommend", "home", "--user", RAW_USERS[0], "--json", "--explain"]
    shelf = json.loads(own.on(*words, "--model", "sequence").stdout)["items"]
    check("souk recommend --model sequence asks it", bool(shelf) and set(shelf[0]["contributions"]) == {"sequence"}, shelf[:1])
    plain = json.loads(own.on(*words).stdout)["items"]
    check("it takes no part unless it is asked", all("sequence" not in item["contributions"] for item in plain), plain[:1])
    check_purchases(own, trainer)
    without = shop.on("recommend", "home", "--user", RAW_USERS[0], "--model", "sequence", status=None)
    check("a shop without a network says how to get one", is_souk_error(without, "souk-train sasrec --shop"), without.stderr)
    for more, status, texts in [
            (["--data", "x"], 2, ["--data", "--shop"]), (["--repeats", "some"], 2, ["--repeats"]), (["--content", "smell"], 2, ["--content"]),
            (["--content", "pictures"], 1, ["vectors of pictures", "souk index"]), (["--before", "2026-01-20"], 1, ["covers 1", "--window"]),
            (["--before", "2020-01-01"], 1, ["no purchases"])]:
        wrong = train(*more)
        check(f"souk-train sasrec --shop DIR {more[0]} {more[1]} is one clear error", is_one_error(wrong, *texts, status=status), wrong.stderr[-300:])
    alone = subprocess.run([str(trainer), "sasrec", "--data", "x", "--window", "3"], capture_output=True, text=True, timeout=60)
    check("--window without a shop is refused", is_one_error(alone, "--window", "--shop", status=2), alone.stderr)


def check_purchases(shop: Shop, trainer: pathlib.Path) -> None:
    """The perceptron of purchases: trained on the log, taken over, published and asked beside the ranker."""
    folder = shop.path.parent / "purchases"
    command = [str(trainer), "purchase", "--shop", str(shop.path), "--folder", str(folder), "--report", str(folder) + ".html", "--days", "7",
               "--negatives", "candidates", "--training", "400", "--test", "100", "--batch", "32", "--epochs", "2", "--threads", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    check("souk-train purchase learns from the shop's log", done.returncode == 0 and json.loads(done.stdout.splitlines()[-1])["auc"] > 0, done.stderr[-300:])
    shop.on("train", "--network", str(folder / "1"))
    shop.on("publish")
    models = json.loads((shop.path / "published.json").read_text())["models"]
    check("souk publish names both networks", models.get("purchase") == "models/purchase/1" and models.get("sequence") == "models/sequence/1", models)
    words = ["recommend", "home", "--user", RAW_USERS[0], "--json", "--explain"]
    plain, both = (json.loads(shop.on(*words, *more).stdout)["items"] for more in [[], ["--model", "purchase_hybrid", "--network-weight", "0.4"]])
    check("--model purchase_hybrid leaves the order where no ranker gives chances", bool(plain) and both == plain, both[:1])
    for value, texts in [("2", ["--network-weight"]), ("x", ["--network-weight"])]:
        wrong = shop.on(*words, "--model", "purchase_hybrid", "--network-weight", value, status=None)
        check(f"--network-weight {value} is one clear error", is_souk_error(wrong, *texts, status=2), wrong.stderr[-300:])
    synthetic = subprocess.run([*command, "--synthetic"], capture_output=True, text=True, timeout=60)
    check("--synthetic of a perceptron is refused", is_one_error(synthetic, "--synthetic", status=2), synthetic.stderr[-300:])
