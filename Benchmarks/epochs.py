"""An epoch of SASRec on Amazon Beauty beside PyTorch with the same model, batches, loss and optimiser, on the same cores."""
import csv, json, pathlib

from commands import run
from figures import Figure

# At most, of PyTorch's time.
SHARE = 1.0
# Losses of the first epoch differ by what is drawn; more than this is another model.
LOSS_GAP = 0.03


def measure(settings, figures: list[Figure]) -> None:
    data = settings.shared / "data/amazon/Beauty.txt"
    program, python = pathlib.Path(settings.souk).with_name("souk-train"), pathlib.Path("var/rivals/venv/bin/python")
    for needed, advice in ((data, "the data is absent"), (program, "build souk-train"), (python, "run Setup/rivals")):
        if not needed.exists():
            figures.append(Figure("epoch of SASRec", problem=f"{needed} is missing: {advice}"))
            return
    script = str(pathlib.Path(__file__).parent / "rivals" / "sasrec.py")
    own: dict[int, list[dict]] = {}
    other: dict[tuple[int, str], list[dict]] = {}
    for _ in range(3 if settings.is_full else 1):
        for threads in (1, 2):
            own.setdefault(threads, []).extend(souk(settings, program, data, threads))
            for mode in ("eager", "compiled"):
                words = [str(python), script, str(data), "3", str(threads), mode]
                other.setdefault((threads, mode), []).extend(json.loads(run(words, 900).last_line()))
    first, theirs = own[1][0]["loss"], other[1, "eager"][0]["loss"]
    if abs(first - theirs) > LOSS_GAP * theirs:
        raise RuntimeError(f"the losses of the first epoch are {first:.3f} and {theirs:.3f}: not the same training")
    best = {name: min(epoch["seconds"] for epoch in epochs) for name, epochs in other.items()}
    rival = min(best, key=best.get)
    threads = min(own, key=lambda count: min(epoch["seconds"] for epoch in own[count]))
    seconds = min(epoch["seconds"] for epoch in own[threads])
    all_theirs = ", ".join(f"{mode} {count}: {value:.2f}" for (count, mode), value in sorted(best.items()))
    figures.append(Figure(
        f"epoch of SASRec on Beauty, threads {threads}", seconds, "s", best[rival] * SHARE, False,
        f"PyTorch 2.13 {rival[1]}, threads {rival[0]}", best[rival],
        note=f"first loss {first:.3f} and {theirs:.3f}; PyTorch {all_theirs}"))


def souk(settings, program: pathlib.Path, data: pathlib.Path, threads: int) -> list[dict]:
    """The epochs of the second run, which has nothing to validate."""
    folder = settings.work / f"sasrec-{threads}"
    run([str(program), "sasrec", "--data", str(data), "--epochs", "3", "--threads", str(threads), "--folder", str(folder),
         "--report", str(folder / "report.html"), "--quiet"], 900)
    with open(folder / "log.csv", newline="") as file:
        return [{"seconds": float(row["seconds"]), "loss": float(row["training_loss"])} for row in csv.DictReader(file)]
