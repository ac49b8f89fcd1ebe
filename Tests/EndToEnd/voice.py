"""Spoken queries: silence and what is no recording everywhere, words where flite is installed to say them."""
import json
import pathlib
import shutil
import struct
import subprocess

from harness import BASE, Server, Shop, check, is_one_error, skip

SOUNDS = pathlib.Path("/usr/share/pocketsphinx/model/en-us")
WAV = {"Content-Type": "audio/wav"}


def recording(samples: list[int], rate: int = 16_000) -> bytes:
    data = struct.pack(f"<{len(samples)}h", *samples)
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16, b"data", len(data))
    return head + data


def check_voice(server: Server, shop: Shop, keys: dict[str, str]) -> None:
    def ask(raw: bytes, headers: dict[str, str] = WAV, key: str = "search") -> tuple[int, object]:
        return server.exchange("POST", f"{BASE}/voice", key=keys.get(key, ""), raw=raw, headers=headers)[:2]

    if not SOUNDS.exists():
        status, page = ask(recording([0] * 1600))
        check("a shop that cannot listen says so", status == 404, (status, page))
        return skip("spoken queries", f"{SOUNDS} is missing")
    status, page = ask(recording([0] * 8000))
    check("silence is heard as nothing", status == 200 and page["text"] == "" and page["seconds"] == 0.5, (status, page))
    refused = [(400, b"RIFF", WAV), (400, recording([1] * 99)[:-9], WAV), (413, recording([1] * 16_000 * 16), WAV),
               (415, recording([1], 8000), WAV), (415, recording([1]), {"Content-Type": "audio/ogg"})]
    answers = [(wanted, *ask(raw, headers)) for wanted, raw, headers in refused]
    check("what is no recording, too long or of another kind is refused",
          all(status == wanted and page["detail"] for wanted, status, page in answers), answers)
    check("nobody is listened to without a key", ask(recording([0]), key="none")[0] == 401)
    file = shop.folder / "said.wav"
    file.write_bytes(b"RIFF")
    check("the terminal says what is no recording", is_one_error(shop.on("transcribe", str(file), status=None), "WAV"))
    if not shutil.which("flite"):
        return skip("spoken words", "flite is not installed")
    subprocess.run(["flite", "-voice", "slt", "-t", "orange juice", "-o", str(file)], check=True)
    status, page = ask(file.read_bytes())
    check("spoken words are heard", status == 200 and page["text"] == "orange juice" and 0 < page["confidence"] <= 1, (status, page))
    heard = json.loads(shop.on("transcribe", "--json", str(file)).stdout)
    check("the terminal hears the same", (heard["text"], heard["alternatives"]) == (page["text"], page["alternatives"]), heard)
    spoken = shop.folder / "spoken.tsv"
    spoken.write_text(f"{file.name}\torange juice\tslt\n")
    measured = json.loads(shop.on("evaluate", "voice", "--recordings", str(spoken)).stdout.splitlines()[-1])
    check("hearing is measured", measured["wer"] == 0 and measured["same_results"] == 1 and measured["groups"]["slt"]["words"] == 2, measured)
    check("the log tells nothing of what was said", "juice" not in server.text())
