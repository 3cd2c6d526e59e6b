"""A small workspace of made-up units, and the command line as a program of its own."""

from __future__ import annotations

import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))

from generate import generate

UNITS = 24


@pytest.fixture(scope="session", autouse=True)
def _ctrl_c() -> Iterator[None]:
    """Let Ctrl-C be heard by the programs started here: a shell's job in the background hands on that it is not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of some units that can all be published; to be copied."""
    root = tmp_path_factory.mktemp("made_up")
    generate(root, UNITS, seed=7)
    return root


@pytest.fixture
def many(made_up: Path, tmp_path: Path) -> Path:
    root = tmp_path / "many"
    shutil.copytree(made_up, root)
    return root
