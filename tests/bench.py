"""How long the program takes, as a user waits for it: its start, and a build of every unit.

Run by ``make bench``. Prints seconds, the fastest and the slowest of several runs; arguments go to ``juesuan build``.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

RUNS = 5
PROGRAM = Path(sys.executable).with_name("juesuan.exe" if sys.platform == "win32" else "juesuan")


def seconds(*words: str) -> float:
    """Return how long one run of the program takes; exits with the program's own message where it fails."""
    start = time.perf_counter()
    result = subprocess.run([PROGRAM, *words], capture_output=True, check=False)
    taken = time.perf_counter() - start
    if result.returncode != 0:
        sys.stdout.buffer.write(result.stdout + result.stderr)
        sys.exit(result.returncode)
    return taken


def main(words: list[str]) -> None:
    """Measure each command several times and print one line for it."""
    for name, command in (("启动", ["--help"]), ("生成全部单位", ["build", *words])):
        times = [seconds(*command) for _ in range(RUNS)]
        print(f"{name}：最快 {min(times):.2f} 秒，最慢 {max(times):.2f} 秒（{RUNS} 次）")


if __name__ == "__main__":
    main(sys.argv[1:])
