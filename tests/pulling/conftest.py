"""The five units in a folder of the tests' own, their documents, and LibreOffice saving a document again."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from pulled_units import UNITS, files_of
from workspaces import ROOT, CommandLine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

@pytest.fixture(scope="session")
def _copy(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    root = tmp_path_factory.mktemp("pulling")
    shutil.copytree(ROOT / "templates", root / "templates")
    for unit, _year in UNITS:
        shutil.copytree(ROOT / "content" / unit, root / "content" / unit)
    return root, files_of(root)


@pytest.fixture
def root(_copy: tuple[Path, dict[str, bytes]]) -> Path:
    """A workspace with the five units, as it is in the repository."""
    folder, before = _copy
    now = files_of(folder)
    for name in now.keys() - before.keys():
        (folder / name).unlink()
    for name, data in before.items():
        if now.get(name) != data:
            (folder / name).write_bytes(data)
    shutil.rmtree(folder / "output", ignore_errors=True)
    return folder


@pytest.fixture
def juesuan(root: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(root, capsys)


@pytest.fixture(scope="session")
def saved_again(libreoffice: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Return ``saved_again(document) -> document``: opened in LibreOffice and saved as .docx."""
    folder = tmp_path_factory.mktemp("libreoffice")

    def save(path: Path) -> Path:
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [str(libreoffice), profile, "--headless", "--convert-to", "docx", "--outdir", str(folder), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return folder / path.name

    return save
