"""What came of a batch: the table at its end, and the report that other programs read."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from builder.batch.work import Outcome, Result
from builder.findings import Finding, errors
from builder.workspace import Workspace
from builder.writing import UNFINISHED, disk_errors

SHORTEST = 160
"""How many characters of a first error the table shows."""


@dataclass(slots=True)
class Tally:
    """Counts what came of each unit; of those that failed it keeps the first error, and how many there are."""

    total: int
    counts: Counter[Result] = field(default_factory=Counter)
    failed: list[tuple[str, int, str, int]] = field(default_factory=list)
    remarked: int = 0
    began: float = field(default_factory=time.monotonic)

    def add(self, outcome: Outcome) -> None:
        """Count one unit-year."""
        self.counts[outcome.result] += 1
        self.remarked += bool(outcome.warnings)
        if outcome.result is Result.FAILED:
            self.fail(outcome.unit, outcome.year, outcome.findings)

    def fail(self, unit: str, year: int, findings: tuple[Finding, ...]) -> None:
        """Keep why a unit-year, or something of it, was not made."""
        wrong = errors(findings) or list(findings)
        first = str(wrong[0]).splitlines()[0] if wrong else ""
        self.failed.append((unit, year, first, len(wrong)))

    @property
    def done(self) -> int:
        """How many units were looked at."""
        return sum(self.counts.values())

    def summary(self) -> dict[str, Any]:
        """Return the figures."""
        return {
            "共": self.total, **{str(result): self.counts[result] for result in Result},
            "没有做": self.total - self.done, "秒": round(time.monotonic() - self.began, 1),
        }

    def lines(self) -> Iterator[str]:
        """Yield the table: the figures, then each unit that failed, and why."""
        figures = self.summary()
        seconds = figures.pop("秒")
        rate = f"，每秒 {self.done / seconds:.0f} 份" if seconds >= 1 else ""
        counted = "，".join(f"{name} {number}" for name, number in figures.items() if number or name == Result.MADE)
        yield f"{counted}（{seconds:.1f} 秒{rate}）"
        for unit, year, first, number in sorted(self.failed):
            short = first if len(first) <= SHORTEST else first[:SHORTEST] + "…"
            yield f"{Result.FAILED}\t{unit}\t{year}\t{short}{f'（共 {number} 处）' if number > 1 else ''}"


class Report:
    """A report as JSON, written as units are done, so that it takes no memory; whole when it is closed, or not there.

    To be used as a context. With ``path`` None it goes to a stream.
    """

    def __init__(self, workspace: Workspace, path: Path | None, stream: IO[str] | None) -> None:
        self._workspace = workspace
        self._path = path
        self._stream = stream
        self._unfinished = ""
        self._first = True
        if path is not None:
            with disk_errors(path.parent):
                path.parent.mkdir(parents=True, exist_ok=True)
                handle, self._unfinished = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)
                self._stream = os.fdopen(handle, "w", encoding="utf-8", newline="\n")
        self._write('{"单位": [')

    def add(self, outcome: Outcome) -> None:
        """Write what came of one unit-year, with all its messages."""
        if self._stream is None:
            return
        record = {
            "单位": outcome.unit, "年度": outcome.year, "结果": outcome.result,
            "文档": [self._workspace.relative(path) for path, _sha in outcome.documents],
            "警告": outcome.warnings, "信息": [_record(finding) for finding in outcome.findings],
        }
        self._write(("\n " if self._first else ",\n ") + json.dumps(record, ensure_ascii=False))
        self._first = False

    def _write(self, text: str) -> None:
        if self._stream is not None:
            self._stream.write(text)

    def close(self, summary: Mapping[str, Any]) -> None:
        """End the report with the figures and put it in its place."""
        self._write(f'\n], "合计": {json.dumps(summary, ensure_ascii=False)}}}\n')
        if self._path is not None and self._stream is not None:
            with disk_errors(self._path.parent):
                self._stream.close()
                unfinished = Path(self._unfinished)
                unfinished.chmod(0o644)
                unfinished.replace(self._path)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Leave nothing half behind."""
        if self._path is not None and self._stream is not None:
            self._stream.close()
            Path(self._unfinished).unlink(missing_ok=True)


def _record(finding: Finding) -> dict[str, Any]:
    place = {"位置": str(finding.source)} if finding.source else {}
    return {"级别": finding.level, **place, "内容": finding.message}
