"""Files in a unit's folders that nothing reads, with the name that was probably meant."""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import Path

from builder.findings import Finding, Level, Source

from .structure import meant_by

IGNORED = ("~$", ".", "_", "Thumbs.db", "desktop.ini")
"""How the names of files begin that programs leave behind, and of frames (``_``) that are not filled in yet."""
TEXTS = {".yaml", ".yml", ".txt"}
"""Endings of files that only another name may keep from being read."""
SAME_FILE = 0.8
"""How alike two file names (with ``.yaml``) must be for one to be suggested for the other."""


def unknown_files(root: Path, folder: Path, known: tuple[str, ...], read: Container[str]) -> Iterator[Finding]:
    """Note what stands in a folder and is neither ``known`` nor ``read`` (paths from ``root``)."""
    entries = sorted(folder.iterdir()) if folder.is_dir() else []
    for path in entries:
        place = path.relative_to(root).as_posix()
        used = place in read or path.name in known or path.suffix == ".md" or path.name.startswith(IGNORED)
        if not used:
            yield Finding(unknown_file(path, known), Source(place), Level.NOTE)


def unknown_file(path: Path, known: tuple[str, ...]) -> str:
    """Say that a file (or folder) is not read, and what its name should probably be."""
    what = "文件夹" if path.is_dir() else "文件"
    name = path.name.removesuffix(".txt").removesuffix(".yml").removesuffix(".yaml") + ".yaml"
    meant = meant_by(name, known, SAME_FILE) or name
    if path.is_dir() or path.suffix not in TEXTS or meant == path.name:
        hint = "不需要时请移走"
    else:
        hint = f"是不是应改名为「{meant}」？"
    return f"不认识的{what}「{path.name}」，没有使用；{hint}"
