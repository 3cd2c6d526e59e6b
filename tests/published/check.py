"""The published documents examined: ``make published-check``.

For each document a workspace of its own is made: the unit's card and the figures that only the text prints, the tables
by ``juesuan import``, the 绩效 forms as transcribed. What ``juesuan check`` says of it goes to
``output/published/NNN.json``, one object a finding, and is counted here.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from builder.cli import main as juesuan
from builder.findings import Level

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
OUTPUT = ROOT / "output" / "published"
YEARS = {"000": 2020, "001": 2021, "002": 2020, "003": 2022, "004": 2021}
OF_A_BUILD = ("未填", "科目未填", "原因缺失")
"""Rules that ask whether a build has all the facts and texts that it needs: a document that is printed has them."""

Record = dict[str, object]


def prepare(document: str, root: Path) -> tuple[str, int]:
    """Make the workspace of a document, its tables imported; return the unit and the year."""
    source, year = HERE / document, YEARS[document]
    unit = str(yaml.safe_load((source / "单位.yaml").read_text(encoding="utf-8"))["名称"])
    folder = root / "content" / unit / str(year)
    folder.mkdir(parents=True)
    shutil.copytree(ROOT / "templates", root / "templates")
    shutil.copy(source / "单位.yaml", folder.parent)
    shutil.copy(source / "决算.yaml", folder)
    if (source / "绩效").is_dir():
        shutil.copytree(source / "绩效", folder / "绩效")
    said = run(root, "import", source / "公开表.xlsx", "--unit", unit, "--year", year, "--yes")
    if not (folder / "公开表.yaml").exists():
        raise RuntimeError(said)
    return unit, year


def run(root: Path, *words: object) -> str:
    """Run a command of juesuan in a workspace and return what it writes to standard output."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        juesuan([str(word) for word in (*words, "--workspace", root)])
    return out.getvalue()


def findings(document: str) -> list[Record]:
    """Return what the cross-checks find in a document."""
    with tempfile.TemporaryDirectory() as folder:
        unit, year = prepare(document, Path(folder))
        said = run(Path(folder), "check", unit, "--year", year, "--format", "json")
        if not said:
            raise RuntimeError(f"{document}: juesuan check 没有结果，原因见上")
        records: list[Record] = json.loads(said)
    return [record for record in records if record["rule"] not in OF_A_BUILD]


def table(found: dict[str, list[Record]]) -> Iterator[str]:
    """Yield the lines of a table: each document's findings by severity, and by rule."""
    yield "文件  " + "  ".join(level.value for level in Level) + "  按规则"
    for document, records in found.items():
        levels = Counter(record["severity"] for record in records)
        rules = Counter(str(record["rule"]) for record in records)
        counts = "  ".join(f"{levels[level.value]:>4}" for level in Level)
        yield f"{document}   {counts}  " + "、".join(f"{name} {number}" for name, number in rules.most_common())


def main(documents: Iterable[str]) -> int:
    """Examine the documents named (all without names); write their findings and print the table."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    found: dict[str, list[Record]] = {}
    for document in list(documents) or YEARS:
        sys.stderr.write(f"—— {document} ——\n")  # what the import says follows
        found[document] = findings(document)
    for document, records in found.items():
        text = json.dumps(records, ensure_ascii=False, indent=2)
        (OUTPUT / f"{document}.json").write_text(text + "\n", encoding="utf-8")
    for line in table(found):
        sys.stdout.write(line + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
