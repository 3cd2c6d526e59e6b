"""The published document's unit, built once for all tests that only read, and copies for those that change it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from documents import BuiltDocument
from workspaces import UNIT, YEAR, CommandLine, WorkspaceCopy

from builder.building import Builder
from builder.cli import main
from builder.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Release:
    """What ``juesuan build`` left behind."""

    workspace: WorkspaceCopy
    document: BuiltDocument
    manifest: dict[str, Any] = field(repr=False)

    @property
    def path(self) -> Path:
        return self.workspace.document


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The document as the command line builds it. Read only."""
    workspace = WorkspaceCopy.make(tmp_path_factory.mktemp("release"))
    assert main(["build", "--workspace", str(workspace.root)]) == 0
    manifest = json.loads(workspace.document.with_suffix(".json").read_text(encoding="utf-8"))
    return Release(workspace, BuiltDocument.of(workspace.document), manifest)


@pytest.fixture
def workspace(tmp_path: Path) -> WorkspaceCopy:
    """A copy that the test may change."""
    return WorkspaceCopy.make(tmp_path / "工作文件夹")


@pytest.fixture
def juesuan(workspace: WorkspaceCopy, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """The command line, working on ``workspace``."""
    return CommandLine(workspace.root, capsys)


class Laboratory:
    """A workspace whose facts are changed and rebuilt with a form that is compiled once."""

    def __init__(self, workspace: WorkspaceCopy) -> None:
        self.workspace = workspace
        self.builder = Builder(Workspace(workspace.root))
        self.before = self.lines()

    def lines(self) -> list[str]:
        return BuiltDocument(self.builder.build(UNIT, YEAR).rendered.docx).lines


@pytest.fixture(scope="session")
def shared_laboratory(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    return Laboratory(WorkspaceCopy.make(tmp_path_factory.mktemp("laboratory")))


@pytest.fixture
def laboratory(shared_laboratory: Laboratory) -> Iterator[Laboratory]:
    """The laboratory, with the facts as published before and after the test."""
    yield shared_laboratory
    shared_laboratory.workspace.restore()
