"""Files in a unit's folders that nothing reads, with the name that was probably meant."""

from __future__ import annotations

from collections.abc import Container, Iterator
from pathlib import PurePath

from builder.findings import Finding, Level, Source

from .folder import Folder
from .structure import meant_by

IGNORED = ("~$", ".", "_", "Thumbs.db", "desktop.ini")
"""How the names of files begin that programs leave behind, and of frames (``_``) that are not filled in yet."""
TEXTS = {".yaml", ".yml", ".txt"}
"""Endings of files that only another name may keep from being read."""
SAME_FILE = 0.8
"""How alike two file names (with ``.yaml``) must be for one to be suggested for the other."""


def unknown_files(folder: Folder, known: tuple[str, ...], read: Container[str]) -> Iterator[Finding]:
    """Note what stands in a folder and is neither ``known`` nor ``read`` (paths in the workspace)."""
    for name in folder.names():
        if name in known or name.endswith(".md") or name.startswith(IGNORED):
            continue
        place = folder.place_of(name)
        if place not in read:
            yield Finding(unknown_file(name, known, is_folder=folder.is_folder(name)), Source(place), Level.NOTE)


def unknown_file(name: str, known: tuple[str, ...], *, is_folder: bool) -> str:
    """Say that a file (or folder) is not read, and what its name should probably be."""
    what = "文件夹" if is_folder else "文件"
    plain = name.removesuffix(".txt").removesuffix(".yml").removesuffix(".yaml") + ".yaml"
    meant = meant_by(plain, known, SAME_FILE) or plain
    if is_folder or PurePath(name).suffix not in TEXTS or meant == name:
        hint = "不需要时请移走"
    else:
        hint = f"是不是应改名为「{meant}」？"
    return f"不认识的{what}「{name}」，没有使用；{hint}"
