"""An empty workspace with the repository's templates, the example unit, and the command line in it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from workspaces import ROOT, UNIT, CommandLine

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    shutil.copytree(ROOT / "content" / UNIT, tmp_path / "content" / UNIT)
    return tmp_path


@pytest.fixture
def juesuan(root: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(root, capsys)
