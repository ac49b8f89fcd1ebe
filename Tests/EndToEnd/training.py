"""souk-train as processes: kill -9, --resume to the same bytes, several processes, a disk that fills, and words that are wrong."""
import json
import os
import pathlib
import random
import subprocess
import time

from harness import Shop, check, skip

SMALL = {"--width": "16", "--length": "8", "--blocks": "1", "--heads": "2", "--negatives": "0", "--batch": "64", "--epochs": "24",
         "--patience": "24", "--rate": "0.01", "--threads": "1"}


class Training:
    """Runs of a tiny network on people who walk over twenty items."""

    def __init__(self, trainer: pathlib.Path, folder: pathlib.Path) -> None:
        self.trainer, self.folder, self.data = trainer, folder, folder / "walks.txt"
        folder.mkdir()
        chance = random.Random(1)
        walks = [(chance.randrange(20), chance.randint(3, 12)) for _ in range(150)]
        self.data.write_text("".join(f"u{n} " + " ".join(f"i{(first + k) % 20}" for k in range(length)) + "\n" for n, (first, length) in enumerate(walks)))

    def words(self, folder: pathlib.Path, *more: str) -> list[str]:
        own = [word for option, value in SMALL.items() if option not in more for word in (option, value)]
        return [str(self.trainer), "sasrec", "--data", str(self.data), "--folder", str(folder), "--report", str(self.folder / "report.html"), *own, *more]

    def run(self, folder: pathlib.Path, *more: str) -> subprocess.CompletedProcess:
        return subprocess.run(self.words(folder, *more), capture_output=True, text=True, timeout=300)

    def start(self, folder: pathlib.Path, *more: str) -> subprocess.Popen:
        return subprocess.Popen(self.words(folder, *more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def weights(self, folder: pathlib.Path) -> list[bytes]:
        """Of the finished model, and of the one that chose the number of epochs."""
        return [(folder / part / "1/weights.safetensors").read_bytes() for part in (".", "choosing")]

    def begun(self, folder: pathlib.Path, epochs: int, process: subprocess.Popen) -> int:
        """Waits until the part that chooses has this many epochs behind it, and returns how many it has."""
        log, end = folder / "choosing/log.csv", time.monotonic() + 120
        while time.monotonic() < end and process.poll() is None:
            done = log.read_text().count("\n") - 1 if log.exists() else 0
            if done >= epochs:
                return done
            time.sleep(0.002)
        return 0


def is_one_error(done: subprocess.CompletedProcess, *words: str, status: int = 1) -> bool:
    """Whether souk-train ended with `status` and one message that holds all `words`."""
    lines = [line for line in done.stderr.splitlines() if line.startswith("souk-train: ")]
    return done.returncode == status and len(lines) == 1 and all(word in lines[0] for word in words) and "Fatal error" not in done.stderr


def check_training(shop: Shop) -> None:
    trainer = pathlib.Path(shop.souk).with_name("souk-train")
    if not trainer.exists():
        return skip("training", f"{trainer} is missing")
    training = Training(trainer, shop.folder / "training")
    whole = training.folder / "whole"
    done = training.run(whole)
    check("souk-train trains a tiny network", done.returncode == 0 and done.stdout.count("\n") == 1, done.stderr[-300:])
    check("off a terminal both parts show how far they are",
          done.stderr.count("sasrec: 100%") == 2 and "sasrec: refitting" in done.stderr, done.stderr[-600:])
    check_kill(training, whole)
    check_processes(training)
    check_full_disk(training, whole)
    check_search(training)
    check_mistakes(training, whole)


def check_kill(training: Training, whole: pathlib.Path) -> None:
    """kill -9 in the middle of a run: the checkpoint is whole, and --resume ends with the bytes of a run that was not killed."""
    folder = training.folder / "killed"
    for epochs in (1, 5):
        process = training.start(folder, *(["--resume"] if epochs > 1 else []))
        done = training.begun(folder, epochs, process)
        process.kill()
        process.communicate()
        check(f"a run was killed after epoch {epochs} or a little later", epochs <= done < 24, done)
    again = training.run(folder, "--resume")
    check("--resume goes on after the last epoch", "goes on after epoch" in again.stderr and again.returncode == 0, again.stderr[-300:])
    check("a run that was killed twice ends with the bytes of one that was not", training.weights(folder) == training.weights(whole))


def check_processes(training: Training) -> None:
    """Two processes: a killed worker stops rank 0 with a message, and --resume ends with the bytes of two that were not killed."""
    whole, folder = training.folder / "two", training.folder / "two-killed"
    done = training.run(whole, "--processes", "2")
    check("two processes train together", done.returncode == 0 and done.stdout.count("\n") == 1, done.stderr[-300:])
    first = training.start(folder, "--processes", "2")
    epochs = training.begun(folder, 2, first)
    children = pathlib.Path(f"/proc/{first.pid}/task/{first.pid}/children").read_text().split()
    if epochs == 0 or not children:
        first.kill()
        return check("a worker could be killed", False, (epochs, children))
    os.kill(int(children[0]), 9)
    output, errors = first.communicate(timeout=120)
    ended = subprocess.CompletedProcess([], first.returncode, output, errors)
    check("kill -9 of a worker stops rank 0 with one message", is_one_error(ended, "rank 1", "signal 9", "--resume", "checkpoint of epoch"), errors[-500:])
    check("no process is left behind", not pathlib.Path(f"/proc/{children[0]}").exists())
    again = training.run(folder, "--processes", "2", "--resume")
    check("the processes resume, and end with the bytes of two that were not killed",
          again.returncode == 0 and training.weights(folder) == training.weights(whole), again.stderr[-300:])


def check_full_disk(training: Training, whole: pathlib.Path) -> None:
    """A disk that fills during a checkpoint: one message, the last good checkpoint stays, and with room the run goes on."""
    disk = training.folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)], capture_output=True, text=True)
    if mounted.returncode != 0:
        return skip("a disk that fills during a checkpoint", f"this user may not mount a small disk ({mounted.stderr.strip()})")
    try:
        folder = disk / "model"
        process = training.start(folder)
        epochs = training.begun(folder, 2, process)
        with open(disk / "ballast", "wb", buffering=0) as ballast:
            while process.poll() is None:
                try:
                    ballast.write(b"0" * 4096)
                except OSError:
                    time.sleep(0.0005)  # A checkpoint that was replaced leaves room: it is filled too.
        output, errors = process.communicate(timeout=120)
        ended = subprocess.CompletedProcess([], process.returncode, output, errors)
        check("a disk that fills during a checkpoint ends the run with one message", epochs > 0 and is_one_error(ended, "checkpoint.safetensors"), errors[-400:])
        left = sorted(path.name for path in (folder / "choosing").iterdir())
        check("the last good checkpoint is left, and nothing half written", left == ["checkpoint.safetensors", "log.csv"], left)
        (disk / "ballast").unlink()
        again = training.run(folder, "--resume")
        check("with room again --resume ends with the bytes of a run that was not stopped",
              "goes on after epoch" in again.stderr and training.weights(folder) == training.weights(whole), again.stderr[-300:])
    finally:
        subprocess.run(["umount", "-l", str(disk)])


def check_search(training: Training) -> None:
    """--tune: what was measured is recorded, a search that was killed within a trial goes on, and the best options train."""
    def recorded(folder: pathlib.Path) -> list[dict]:
        lines = (folder / "trials.jsonl").read_text().splitlines() if (folder / "trials.jsonl").exists() else []
        return [{name: value for name, value in json.loads(line).items() if name != "seconds"} for line in lines]

    whole, folder = training.folder / "search", training.folder / "search-killed"
    done = training.run(whole, "--tune", "4", "--epochs", "6")
    found = json.loads(done.stdout) if done.returncode == 0 else {}
    check("--tune measures sets of settings, the shipped ones first", done.returncode == 0 and len(recorded(whole)) == 5 and found["trials"] == 4
          and found["validation_ndcg@10"] >= found["shipped_validation_ndcg@10"], done.stderr[-300:])
    check("a search leaves no model", sorted(path.name for path in whole.iterdir()) == ["trials", "trials.jsonl"] and not any((whole / "trials").iterdir()))
    process = training.start(folder, "--tune", "4", "--epochs", "6")
    end = time.monotonic() + 120
    while len(recorded(folder)) < 3 and process.poll() is None and time.monotonic() < end:
        time.sleep(0.01)
    process.kill()
    process.communicate()
    check("a search was killed after two trials or three", 3 <= len(recorded(folder)) < 5, len(recorded(folder)))
    training.run(folder, "--tune", "4", "--epochs", "6")
    check("a search that was killed ends with the trials of one that was not", recorded(folder) == recorded(whole), recorded(folder))
    best = training.run(training.folder / "best", "--epochs", "2", *found.get("options", "").split())
    check("the best options train a model", best.returncode == 0 and "--dropout" in found.get("options", ""), best.stderr[-300:])


def check_mistakes(training: Training, whole: pathlib.Path) -> None:
    """Wrong words end with status 2, wrong data and foreign checkpoints with status 1, each with one message."""
    for words, status, texts in [
            (["--optimiser", "lion"], 2, ["--optimiser", "adamw"]), (["--schedule", "cosine:x"], 2, ["--schedule"]),
            (["--epochs", "none"], 2, ["--epochs"]), (["--heads", "3"], 1, ["3 heads"]), (["--loss", "bpr"], 1, ["--negatives"])]:
        done = training.run(training.folder / "wrong", *words)
        check(f"souk-train {' '.join(words)} is one clear error", is_one_error(done, *texts, status=status), done.stderr)
    for words in (["--clip", "1"], ["--l2", "0.01"], ["--optimiser", "sgd"], ["--schedule", "cycle"]):
        done = training.run(whole, "--resume", *words)
        check(f"--resume with {words[0]} is refused", is_one_error(done, "is of another run", "same options"), done.stderr[-300:])
    empty = training.folder / "empty.txt"
    empty.write_text("")
    training.data = empty
    done = training.run(training.folder / "wrong")
    check("a file without people is one clear error", is_one_error(done), done.stderr)
