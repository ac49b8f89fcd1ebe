"""The fashion shop made ready by Setup/fashion and Setup/train: what they train, publish and leave out."""
import os
import pathlib
import shutil
import subprocess

from harness import Shop, check, skip
from picture_files import PICTURES, write_pictures

ROOT = pathlib.Path(__file__).resolve().parents[2]


def check_networks(shop: Shop) -> None:
    trainer = pathlib.Path(shop.souk).with_name("souk-train")
    if not trainer.exists() or not PICTURES.exists():
        return skip("the fashion shop", f"{trainer} or {PICTURES} is missing")
    folder, path = shop.folder / "networks", shop.folder / "fashion"
    models, reports = folder / "models", folder / "reports"
    folder.mkdir()
    write_pictures(folder / "pictures")
    environment = dict(os.environ, SOUK_MODELS=str(models), SOUK_REPORTS=str(reports), SOUK_TRAIN=str(trainer), PICTURES=str(folder / "pictures"),
                       GROCERY=str(folder / "nowhere"))

    def make(script: str, **more: str) -> subprocess.CompletedProcess:
        return subprocess.run([ROOT / "Setup" / script, os.path.abspath(shop.souk), path], capture_output=True, text=True, timeout=300,
                              env=environment | more, cwd=folder)

    def published() -> int:
        return int((path / "published.json").read_text().split('"generation":')[1].split(",")[0])

    without = make("fashion", SOUK_TRAIN="/nowhere/souk-train")
    check("without the trainer Setup/fashion says what to build", without.returncode == 1 and "souk-train is missing" in without.stderr, without.stderr)
    made = make("fashion")
    check("Setup/fashion trains a small network and publishes the shop with it",
          made.returncode == 0 and (models / "cnn-small/1/weights.safetensors").exists() and (path / "models/pictures/1").exists(), made.stderr[-400:])
    check("the console's report is the network's", (path / "report.html").read_bytes() == (reports / "cnn-small.html").read_bytes())
    again = make("fashion")
    check("what exists is not made again", again.returncode == 0 and published() == 1 and not (models / "cnn-small/2").exists(), again.stderr[-400:])
    shutil.copytree(models / "cnn-small/1", models / "cnn/1")
    (models / "cnn/2.partial").mkdir()
    (reports / "cnn.html").write_text("large")
    trained = make("train")
    check("Setup/train leaves out what was trained, and publishes the shop with the large network",
          trained.returncode == 0 and published() == 2 and (path / "report.html").read_text() == "large" and not (models / "cnn/2").exists(),
          trained.stderr[-400:])
