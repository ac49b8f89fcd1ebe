"""Runs one command and says how long it took and how much memory it held."""
import os, subprocess, threading, time


class Outcome:
    def __init__(self, output: str, seconds: float, peak_mb: float) -> None:
        self.output, self.seconds, self.peak_mb = output, seconds, peak_mb

    def last_line(self) -> str:
        lines = [line for line in self.output.splitlines() if line.strip()]
        if not lines:
            raise RuntimeError("the command printed nothing")
        return lines[-1]


def run(words: list[str], timeout: float) -> Outcome:
    """Raises with the end of the command's messages if it fails or takes longer than `timeout` seconds."""
    began = time.monotonic()
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    messages: list[str] = []
    reader = threading.Thread(target=lambda: messages.append(process.stderr.read()), daemon=True)
    reader.start()
    timer = threading.Timer(timeout, process.kill)
    timer.start()
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    is_late = not timer.is_alive()
    timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    reader.join(5)
    if process.returncode != 0:
        end = " ".join("".join(messages).split())[-200:]
        reason = f"stopped after {timeout:.0f} s" if is_late else f"exit code {process.returncode}"
        raise RuntimeError(f"{' '.join(os.path.basename(w) for w in words[:3])}: {reason}: {end}")
    return Outcome(output, time.monotonic() - began, usage.ru_maxrss / 1024)
