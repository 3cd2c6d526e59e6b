"""A workspace of units that are all like the example, but for their names, and the program that builds them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from workspaces import ROOT, UNIT, YEAR

if TYPE_CHECKING:
    from pathlib import Path

FACTS = f"{YEAR}/决算.yaml"


def make(root: Path, count: int) -> list[str]:
    """Make a workspace; return the names of its units."""
    shutil.copytree(ROOT / "templates", root / "templates")
    names = [f"{UNIT}第{number}分部" for number in range(1, count + 1)]
    example = {path.relative_to(ROOT / "content" / UNIT): path for path in (ROOT / "content" / UNIT).rglob("*.*")}
    for name in names:
        for place, path in example.items():
            target = root / "content" / name / place
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(path.read_text(encoding="utf-8").replace(UNIT, name), encoding="utf-8")
    return names


def spoil(root: Path, name: str) -> None:
    """Make the facts of a unit such that no document can be made."""
    path = root / "content" / name / FACTS
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("金额单位: 万元", "金额单位: 亿元"), encoding="utf-8")


def files(root: Path, folder: str = "output") -> dict[str, bytes]:
    """Return every file below a folder, hidden ones too."""
    found = (path for path in (root / folder).rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def put_workspace(root: Path, url: str) -> None:
    """Put the content and the forms of a workspace into a store."""
    from fsspec.core import url_to_fs  # noqa: PLC0415 - of an extra

    fs, place = url_to_fs(url)
    for folder in ("content", "templates"):
        fs.pipe({f"{place}/{name}": data for name, data in files(root, folder).items()})
