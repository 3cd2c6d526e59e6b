"""PDFs of many documents: one LibreOffice for all; a document that it does not survive is named, the rest go on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from builder.batch.converting import Converted, PdfOrder, convert_all
from builder.batch.work import Outcome, Result

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = """\
#!{python}
import pathlib, sys, time
words = sys.argv[1:]
out = pathlib.Path(words[words.index("--outdir") + 1])
with pathlib.Path({log!r}).open("a") as log:
    log.write("started\\n")
for source in map(pathlib.Path, words[words.index("--outdir") + 2:]):
    text = source.read_text()
    if text == "hangs":
        time.sleep(60)
    if text == "crashes":
        (out / source.with_suffix(".pdf").name).write_text("half")
        sys.exit(3)
    if text == "bad":
        print("Error: source file could not be loaded", flush=True)
        continue
    (out / source.with_suffix(".pdf").name).write_text("%PDF " + text + "%%EOF")
"""


@pytest.fixture
def libreoffice(tmp_path: Path) -> Path:
    """A program that is called as LibreOffice is."""
    if sys.platform == "win32":
        pytest.skip("a script is no program here")
    path = tmp_path / "soffice"
    path.write_text(PROGRAM.format(python=sys.executable, log=str(tmp_path / "log")), encoding="utf-8")
    path.chmod(0o755)
    return path


def document(folder: Path, number: int, text: str) -> Converted:
    path = folder / f"甲{number}.docx"
    path.write_text(text, encoding="utf-8")
    return Converted(f"甲{number}", 2020, path, text)


def converted(tmp_path: Path, libreoffice: Path, *texts: str) -> dict[str, str]:
    """Return what came of each document: the PDF, or what was said."""
    wanted = [document(tmp_path, number, text) for number, text in enumerate(texts)]
    found = list(convert_all(wanted, libreoffice, timeout=4))
    assert [each.unit for each in found] == [each.unit for each in wanted]
    return {
        each.unit: "".join(f.message for f in each.findings) or each.pdf.read_text(encoding="utf-8") for each in found
    }


def starts(tmp_path: Path) -> int:
    return (tmp_path / "log").read_text(encoding="utf-8").count("started")


def test_one_start_for_many(tmp_path: Path, libreoffice: Path) -> None:
    texts = [str(number) for number in range(30)]
    assert list(converted(tmp_path, libreoffice, *texts).values()) == [f"%PDF {text}%%EOF" for text in texts]
    assert starts(tmp_path) == 1


@pytest.mark.parametrize(("word", "message"), [("hangs", "超过 4 秒"), ("crashes", "退出码 3")])
def test_it_goes_on_after_a_document_that_it_does_not_survive(
    word: str, message: str, tmp_path: Path, libreoffice: Path
) -> None:
    found = converted(tmp_path, libreoffice, "a", "b", word, "c", "d")
    assert message in found["甲2"]
    assert "「甲2.docx」" in found["甲2"]
    assert not (tmp_path / "甲2.pdf").exists()
    assert [found[f"甲{n}"] for n in (0, 1, 3, 4)] == [f"%PDF {text}%%EOF" for text in "abcd"]
    assert starts(tmp_path) == 2


@pytest.mark.parametrize("texts", [("a", "bad", "c"), ("bad", "c"), ("a", "bad")])
def test_one_that_cannot_be_read_is_named(texts: tuple[str, ...], tmp_path: Path, libreoffice: Path) -> None:
    found = converted(tmp_path, libreoffice, *texts)
    assert "could not be loaded" in found[f"甲{texts.index('bad')}"]
    assert starts(tmp_path) == 1


def test_a_pdf_that_is_of_this_document_is_not_made_again(tmp_path: Path, libreoffice: Path) -> None:
    each = document(tmp_path, 1, "a")

    def stale(sha256: str) -> list[Converted]:
        order = PdfOrder(tmp_path / "states")
        order.add(Outcome(each.unit, each.year, Result.UNCHANGED, ((each.docx, sha256),)))
        return order.stale()

    assert len(stale("a")) == 1
    done, = convert_all(stale("a"), libreoffice)
    PdfOrder(tmp_path / "states").done(done)
    assert stale("a") == []
    assert len(stale("another document")) == 1
    each.pdf.write_text("altered", encoding="utf-8")
    assert len(stale("a")) == 1
