"""Copies of the repository's workspace for tests to spoil, and the command line run in this process."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from builder.cli import main

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).resolve().parent.parent
UNIT, YEAR = "鄂州市医疗保障服务中心", 2022
TITLE = f"{UNIT}{YEAR}年度部门决算"
EXAMPLES = [
    ("厦门市医疗保障中心", 2020),
    ("宁德市医疗保障局（本级）", 2021),
    ("眉县医疗保障局", 2020),
    ("鄂州市医疗保障服务中心", 2022),
    ("安阳市医疗保障局", 2021),
]
"""The units whose documents were published: each in a form of its own, all tables stated."""


@dataclass
class WorkspaceCopy:
    """The example unit and the templates in a folder of the test's own."""

    root: Path
    _before: dict[Path, bytes | None] = field(default_factory=dict)

    @classmethod
    def make(cls, root: Path) -> WorkspaceCopy:
        shutil.copytree(ROOT / "content" / UNIT, root / "content" / UNIT)
        shutil.copytree(ROOT / "templates", root / "templates")
        return cls(root)

    @property
    def year(self) -> Path:
        return self.root / "content" / UNIT / str(YEAR)

    @property
    def form(self) -> Path:
        return self.root / "templates" / "湖北"

    @property
    def output(self) -> Path:
        return self.root / "output" / str(YEAR) / UNIT

    @property
    def document(self) -> Path:
        return self.output / f"{TITLE}.docx"

    def path(self, name: str) -> Path:
        """Return a file of the unit's year, or of the workspace where the name begins with content/ or templates/."""
        return (self.root if name.startswith(("content/", "templates/")) else self.year) / name

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.path(name)
        self._before.setdefault(path, path.read_bytes() if path.exists() else None)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def edit(self, name: str, old: str, new: str) -> None:
        """Change one piece of text that stands once in a file, as an accountant does with an editor."""
        text = self.path(name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))

    def remove(self, name: str) -> None:
        self.write(name, "")
        self.path(name).unlink()

    def restore(self) -> None:
        """Undo all changes made through this object."""
        for path, data in self._before.items():
            if data is None:
                path.unlink(missing_ok=True)
            else:
                path.write_bytes(data)
        self._before.clear()

    def outputs(self) -> dict[str, bytes]:
        """Return every file under the output folder, hidden ones too."""
        files = (self.root / "output").rglob("*")
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in files if path.is_file()}


@dataclass(frozen=True)
class Run:
    """What a command answered."""

    status: int
    out: str
    err: str


class CommandLine:
    """``juesuan`` as the user runs it, in this process."""

    def __init__(self, root: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.root, self.capture = root, capture

    def __call__(self, *words: str) -> Run:
        self.capture.readouterr()
        try:
            status = main([*words, "--workspace", str(self.root)])
        except SystemExit as leaving:
            status = leaving.code
        captured = self.capture.readouterr()
        assert "Traceback" not in captured.out + captured.err
        return Run(status, captured.out, captured.err)
