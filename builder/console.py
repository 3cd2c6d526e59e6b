"""What the user sees: messages, colour and progress on a terminal, plain text where the output is piped."""

from __future__ import annotations

import sys
import tempfile
import time
import traceback
from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console as RichConsole
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from builder import __version__
from builder.findings import Finding, Level

T = TypeVar("T")
NOW_AND_THEN = 20.0
"""Seconds between two lines that tell how far a long command is."""
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

    def progress(self, items: Iterable[T], what: str, total: int) -> Iterator[T]:
        """Yield the items, telling meanwhile how many are done, how fast, and how long the rest will take.

        With a bar where there is a terminal, else with a line now and then; nothing where there is only one.
        """
        if total < 2:  # noqa: PLR2004
            yield from items
        elif self._error.is_terminal:
            columns = (
                TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn(),
            )
            with Progress(*columns, console=self._error, transient=True) as progress:
                task = progress.add_task(what, total=total)
                for item in items:
                    yield item
                    progress.advance(task)
        else:
            yield from self._told_now_and_then(items, what, total)

    def _told_now_and_then(self, items: Iterable[T], what: str, total: int) -> Iterator[T]:
        began = told = time.monotonic()
        for done, item in enumerate(items, 1):
            yield item
            now = time.monotonic()
            if now - told > NOW_AND_THEN and done < total:
                told, rate = now, done / (now - began)
                self.note(f"{what}：{done}/{total}，每秒 {rate:.1f} 份，还要约 {(total - done) / rate / 60:.1f} 分钟")


class _Rate(ProgressColumn):
    """How many are done a second."""

    def render(self, task: Task) -> Text:
        """Return the rate, once it is known."""
        return Text(f"每秒 {task.speed:.1f} 份" if task.speed else "")


def record_defect(error: Exception) -> list[str]:
    """Write down a defect of the program for those who maintain it; return what to tell the user."""
    record = "".join(traceback.format_exception(error))
    with tempfile.NamedTemporaryFile("w", prefix="juesuan-", suffix=".txt", encoding="utf-8", delete=False) as file:
        file.write(f"juesuan {__version__}  Python {sys.version}  {sys.platform}\n\n{record}")
    return [
        f"程序出了错（不是资料的问题）：{type(error).__name__}: {error}",
        f"详细记录在「{file.name}」，请发给维护本程序的人",
    ]
