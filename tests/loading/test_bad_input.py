"""Each file of ``tests/bad`` holds one mistake and, in comments, everything that must be said about it.

``# 文件：`` names the file of the unit that it stands for; each ``# 应报：`` is one message, whole and in order.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from example_unit import UNIT, YEAR

from builder.findings import Finding, InputError
from builder.loading.cache import Cache
from builder.loading.subjects import load_subjects
from builder.loading.unit import load_year

BAD = sorted((Path(__file__).parent.parent / "bad").glob("*.yaml"))
FILE, EXPECTED = "# 文件：", "# 应报："


def text_of(content: bytes) -> str:
    for encoding in ("utf-16", "utf-8-sig", "gb18030"):
        if encoding != "utf-16" or content.startswith((b"\xff\xfe", b"\xfe\xff")):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise AssertionError


def findings_of(root: Path, cache: Cache | None = None) -> tuple[Finding, ...]:
    subjects, _ = load_subjects(root, YEAR)
    try:
        return load_year(root, UNIT, YEAR, subjects, cache).findings
    except InputError as error:
        return error.findings


@pytest.mark.parametrize("bad", BAD, ids=[path.stem for path in BAD])
def test_a_mistake_is_told_completely_at_its_place(bad: Path, workspace):
    content = bad.read_bytes()
    lines = text_of(content).splitlines()
    [name] = [line.removeprefix(FILE) for line in lines if line.startswith(FILE)]
    expected = [line.removeprefix(EXPECTED) for line in lines if line.startswith(EXPECTED)]
    workspace.write(f"content/{UNIT}/{name}", content)
    assert [str(finding) for finding in findings_of(workspace.root)] == expected
    assert expected
    for _ in ("written", "read"):
        assert [str(finding) for finding in findings_of(workspace.root, Cache(workspace.root, writes=True))] == expected


def test_the_unit_is_faultless_without_them(workspace):
    assert findings_of(workspace.root) == ()
