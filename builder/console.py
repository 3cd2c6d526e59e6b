"""What the user sees: messages, colour and progress on a terminal, plain text where the output is piped."""

from __future__ import annotations

import sys
import tempfile
import traceback
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from rich.console import Console as RichConsole
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from builder import __version__
from builder.findings import Finding, Level

T = TypeVar("T")
COLOURS = {Level.ERROR: "bold red", Level.WARNING: "yellow", Level.NOTE: "cyan"}


class Console:
    """Results go to the standard output, findings and progress to the standard error."""

    def __init__(self) -> None:
        self._out = RichConsole(highlight=False, soft_wrap=True, emoji=False, markup=False)
        self._error = RichConsole(stderr=True, highlight=False, soft_wrap=True, emoji=False, markup=False)

    def say(self, text: str = "") -> None:
        """Print a line of a command's result."""
        self._out.print(text)

    def note(self, text: str) -> None:
        """Print a remark that is no result."""
        self._error.print(text)

    def success(self, text: str) -> None:
        """Print that something was done."""
        self._out.print(Text(text, style="green") if self._out.is_terminal else text)

    def failure(self, text: str) -> None:
        """Print that something could not be done."""
        self._error.print(Text(text, style="bold red"))

    def findings(self, findings: Iterable[Finding]) -> None:
        """Print findings, each beginning with its place; one that is said twice is printed once."""
        for finding in dict.fromkeys(findings):
            place = f"{finding.source}: " if finding.source else ""
            level = (finding.level.value, COLOURS[finding.level])
            self._error.print(Text.assemble(place, level, f"：{finding.message}"))

    def defect(self, error: Exception) -> None:
        """Say that the program itself has failed; the details go into a file that the user can send on."""
        for line in record_defect(error):
            self.failure(line)

    def progress(self, items: Sequence[T], what: str) -> Iterator[T]:
        """Yield the items, with a progress bar where there is a terminal and more than one of them."""
        if len(items) < 2 or not self._error.is_terminal:  # noqa: PLR2004
            yield from items
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=self._error, transient=True) as progress:
            task = progress.add_task(what, total=len(items))
            for item in items:
                progress.update(task, description=f"{what} {item}")
                yield item
                progress.advance(task)


def record_defect(error: Exception) -> list[str]:
    """Write down a defect of the program for those who maintain it; return what to tell the user."""
    record = "".join(traceback.format_exception(error))
    with tempfile.NamedTemporaryFile("w", prefix="juesuan-", suffix=".txt", encoding="utf-8", delete=False) as file:
        file.write(f"juesuan {__version__}  Python {sys.version}  {sys.platform}\n\n{record}")
    return [
        f"程序出了错（不是资料的问题）：{type(error).__name__}: {error}",
        f"详细记录在「{file.name}」，请发给维护本程序的人",
    ]
