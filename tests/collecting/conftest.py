"""An empty workspace with the repository's templates, the example unit, and the command line in it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from workspaces import CommandLine, WorkspaceCopy

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return WorkspaceCopy.make(tmp_path).root


@pytest.fixture
def juesuan(root: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(root, capsys)
