"""What the tests of batches share: the program run as a user runs it, and what it left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import IO

from documents import BuiltDocument
from workspaces import ROOT

ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def start(root: Path, *words: str, output: IO[str] | int = subprocess.PIPE) -> subprocess.Popen[str]:
    """Start ``juesuan`` in a group of processes of its own, as a terminal does."""
    command = [sys.executable, "-m", "builder.cli", *words, "--workspace", str(root)]
    return subprocess.Popen(
        command, env=ENVIRONMENT, cwd=root, stdout=output, stderr=output, encoding="utf-8",
        start_new_session=True,
    )


def run(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    with start(root, *words) as process:
        out, err = process.communicate(timeout=600)
    assert "Traceback" not in err
    return subprocess.CompletedProcess(words, process.returncode, out, err)


def documents(root: Path) -> dict[str, bytes]:
    """Return every document by unit; there is one of each, and it is whole."""
    found: dict[str, bytes] = {}
    for path in sorted((root / "output").rglob("*.docx")):
        unit = path.parent.name
        assert unit not in found, f"{unit}: two documents"
        found[unit] = path.read_bytes()
        with zipfile.ZipFile(path) as package:
            assert package.testzip() is None
        assert BuiltDocument(found[unit]).lines
    return found


def left_behind(root: Path) -> list[str]:
    """Return the unfinished files that there are."""
    folders = [root / "output", root / ".juesuan"]
    return [str(path) for folder in folders for path in folder.rglob(".*") if path.is_file()]


def units(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "content").iterdir())


def of_group(group: int) -> list[int]:
    """Return the processes of a group that are still there (Linux)."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, number = path.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(number) == group and state != "Z":
            found.append(int(path.parent.name))
    return found
