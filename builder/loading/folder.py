"""A folder of a unit, listed once: what that tells of its files need not be asked of each."""

from __future__ import annotations

import os
from pathlib import Path

from .text_reader import TextFile, content_of, is_plain, read_text, text_file


class Folder:
    """A folder of the workspace and its files; one that is not there is empty.

    Where no link leads to it, a file in it that is no link lies surely in the workspace; every other one, and what is
    no file, or too large, is left to `read_text`, which looks closely and says what is wrong.
    """

    __slots__ = ("_entries", "_here", "_place", "_root")

    def __init__(self, path: str, root: Path, place: str | None = None) -> None:
        self._root = root
        self._here = path
        self._place = _place_in(str(root), path) if place is None else place
        """The folder's path in the workspace, with ``/``; empty where a link may lead out of it."""
        self._entries: dict[str, os.DirEntry[str]] = {}
        try:
            with os.scandir(self._here) as entries:
                self._entries = {entry.name: entry for entry in entries}
        except OSError:  # reading a file in it will tell
            pass

    def __contains__(self, name: str) -> bool:
        if os.sep != "/":  # Windows does not mind how a name is written
            return Path(self._here, name).exists()
        entry = self._entries.get(name)
        return entry is not None and (not entry.is_symlink() or Path(self._here, name).exists())

    def inner(self, name: str) -> Folder:
        """Return the folder of this name in this one."""
        entry = self._entries.get(name)
        known = self._place and entry is not None and not entry.is_symlink()
        return Folder(f"{self._here}{os.sep}{name}", self._root, f"{self._place}/{name}" if known else None)

    def place_of(self, name: str) -> str:
        """Return the path in the workspace of what has this name in the folder, with ``/``."""
        if self._place:
            return f"{self._place}/{name}"
        return Path(self._here, name).relative_to(self._root).as_posix()

    def names(self, end: str = "") -> list[str]:
        """Return the names of what is in the folder and ends so, in order."""
        return sorted(name for name in self._entries if name.endswith(end))

    def is_folder(self, name: str) -> bool:
        """Tell whether a name in the folder is that of a folder."""
        return self._entries[name].is_dir()

    def read(self, name: str) -> TextFile:
        """Read a text file of the folder; see `read_text`."""
        entry = self._entries.get(name)
        if self._place and entry is not None and entry.is_file(follow_symlinks=False):
            data = content_of(f"{self._here}/{name}")
            if data is not None:
                return text_file(data, f"{self._place}/{name}")
        return read_text(Path(self._here, name), self._root)


def _place_in(top: str, folder: str) -> str:
    """Return the path of a folder below another one, with ``/``; nothing where a link may lead elsewhere."""
    inside = folder[len(top) + 1 :].replace(os.sep, "/") if folder.startswith(top + os.sep) else ""
    return inside if inside and is_plain(top, inside) else ""
