"""PDFs of a batch: which are stale, and one LibreOffice for many documents.

LibreOffice takes seconds to start and tenths of one for a document, so each start gets many. It converts them in the
order given, so a PDF tells that those before it are done. A document that takes too long, or that ends LibreOffice, is
named; LibreOffice is started again for those after it.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from builder.batch.states import digest_of
from builder.batch.work import Outcome
from builder.findings import Finding, InputError
from builder.rendering.soffice import TIMEOUT, converting, end, not_converted, replace_pdf, start, too_slow
from builder.writing import write_together

AT_ONCE = 40
"""How many documents one LibreOffice gets; it grows with each."""
OUTPUT = "output.txt"
"""What LibreOffice says."""
END, TAIL = b"%%EOF", 1024
"""How a PDF ends, and in how many of its last bytes that stands."""
LOOK_EVERY = 0.05
"""Seconds between two looks at what LibreOffice has done."""


@dataclass(frozen=True, slots=True)
class Converted:
    """A document of a unit-year as PDF, or what went wrong with it."""

    unit: str
    year: int
    docx: Path
    sha256: str
    findings: tuple[Finding, ...] = ()

    @property
    def pdf(self) -> Path:
        """Where the PDF stands."""
        return self.docx.with_suffix(".pdf")


@dataclass(slots=True)
class PdfOrder:
    """The documents of a batch that are to be PDFs, and those that already are, by the SHA-256 of both."""

    states: Path
    force: bool = False
    _wanted: list[Converted] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Add the documents of a unit-year."""
        self._wanted += (Converted(outcome.unit, outcome.year, path, sha) for path, sha in outcome.documents)

    def stale(self) -> list[Converted]:
        """Return those whose PDF is not of this document."""
        return [each for each in self._wanted if self.force or not self._is_current(each)]

    def _record(self, each: Converted) -> Path:
        return self.states / str(each.year) / "PDF" / f"{each.docx.stem}.json"

    def _is_current(self, each: Converted) -> bool:
        try:
            record = json.loads(self._record(each).read_bytes())
            return bool(record == {"文档": each.sha256, "PDF": digest_of(each.pdf)})
        except (OSError, ValueError, RecursionError):
            return False

    def done(self, each: Converted) -> None:
        """Remember a PDF that was made."""
        if each.findings:
            return
        with suppress(OSError):
            path = self._record(each)
            path.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps({"文档": each.sha256, "PDF": digest_of(each.pdf)}, ensure_ascii=False)
            write_together(path.parent, {path.name: text.encode()}, stamp=time.time_ns())


def convert_all(wanted: Sequence[Converted], soffice: Path, timeout: float = TIMEOUT) -> Iterator[Converted]:
    """Write each document's PDF beside it; yield them in order, those that failed with what went wrong.

    ``timeout`` is for one document, in seconds. Raises InputError where LibreOffice cannot be started at all.
    """
    todo = deque(wanted)
    with tempfile.TemporaryDirectory(prefix="juesuan-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        while todo:
            batch = [todo.popleft() for _ in range(min(AT_ONCE, len(todo)))]
            done = 0
            for converted in _together(batch, folder, soffice, timeout):
                done += 1
                yield converted
            todo.extendleft(reversed(batch[done:]))


def _together(batch: Sequence[Converted], folder: Path, soffice: Path, timeout: float) -> Iterator[Converted]:
    """Convert documents with one LibreOffice, up to the first that it does not survive."""
    sources = [folder / f"{number}.docx" for number in range(len(batch))]
    for old in folder.glob("*.pdf"):
        old.unlink()
    for each, source in zip(batch, sources, strict=True):
        shutil.copyfile(each.docx, source)
    with (folder / OUTPUT).open("wb") as output, start(converting(soffice, folder, sources), output) as process:
        try:
            at, began = 0, time.monotonic()
            while True:
                ended = process.poll() is not None  # before looking, so that nothing is missed
                while at < len(batch) and (_is_whole(sources[at]) or at < _latest(folder)):
                    yield _outcome(batch[at], sources[at], folder)
                    at, began = at + 1, time.monotonic()
                if at == len(batch):
                    return
                if ended:
                    yield from _never_made(batch[at:], sources[at:], folder, process.returncode)
                    return
                if time.monotonic() - began > timeout:
                    yield replace(batch[at], findings=(Finding(too_slow(batch[at].docx.name, timeout)),))
                    return
                time.sleep(LOOK_EVERY)
        finally:
            if process.poll() is None:
                end(process)


def _never_made(
    batch: Sequence[Converted], sources: Sequence[Path], folder: Path, code: int
) -> Iterator[Converted]:
    """Yield what is said of the documents that LibreOffice has ended without: of a crash, only the one it was at."""
    if code:
        message = not_converted(batch[0].docx.name, f"LibreOffice 意外结束，退出码 {code}")
        yield replace(batch[0], findings=(Finding(message),))
        return
    for each, source in zip(batch, sources, strict=True):
        yield _outcome(each, source, folder)


def _is_whole(source: Path) -> bool:
    """Tell whether the PDF of a document is there to its end."""
    try:
        return END in source.with_suffix(".pdf").read_bytes()[-TAIL:]
    except OSError:
        return False


def _latest(folder: Path) -> int:
    """Return the number of the last document of which there is a PDF."""
    return max((int(path.stem) for path in folder.glob("*.pdf")), default=-1)


def _outcome(each: Converted, source: Path, folder: Path) -> Converted:
    """Return what came of a document that LibreOffice has left behind."""
    made = source.with_suffix(".pdf")
    if not _is_whole(source):
        said = (folder / OUTPUT).read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return replace(each, findings=(Finding(not_converted(each.docx.name, said[-1] if said else "")),))
    try:
        replace_pdf(made, each.pdf)
    except InputError as error:
        return replace(each, findings=error.findings)
    return each
