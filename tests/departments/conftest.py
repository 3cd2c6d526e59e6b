"""The small department, and the command line in its workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from small_department import SmallDepartment
from workspaces import CommandLine

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def department(tmp_path: Path) -> SmallDepartment:
    return SmallDepartment.make(tmp_path)


@pytest.fixture
def juesuan(department: SmallDepartment, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(department.root, capsys)
