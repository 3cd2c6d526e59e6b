"""The command line in an empty workspace."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from workspace_of_units import empty_workspace
from workspaces import CommandLine


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return empty_workspace(tmp_path / "工作文件夹")


@pytest.fixture
def juesuan(root: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(root, capsys)
