"""``juesuan redline``: the tracked changes of every unit's document after corrections, and what the command says."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import revisions
from corrected import NEW_PARAGRAPH, NEW_REASON, UNITS, documents
from published_unit import DAY, snapshot
from revisions import accepted, content, marked, rejected
from workspaces import TITLE, UNIT, YEAR, CommandLine, WorkspaceCopy

from builder.releases.freezing import freeze
from builder.rendering.redlining import redline
from builder.workspace import Workspace

DATE = "2023-09-01T00:00:00Z"


@cache
def redline_of(unit: str) -> bytes:
    old, new = documents(unit)
    return redline(old, new, author=unit, date=DATE).docx


@pytest.mark.parametrize("unit", UNITS)
def test_accepted_is_new_and_rejected_is_old(unit: str) -> None:
    old, new = documents(unit)
    assert content(old) != content(new)
    begun = time.process_time()
    made = redline(old, new, author=unit, date=DATE).docx
    assert time.process_time() - begun < 3
    assert accepted(made) == content(new)
    assert rejected(made) == content(old)
    assert redline_of(unit) == made


@pytest.mark.parametrize("unit", UNITS)
def test_every_kind_of_correction_can_be_read(unit: str) -> None:
    found = marked(redline_of(unit))
    assert f"+{{{NEW_PARAGRAPH}}}" in found
    assert any(re.search(rf"\{{[^{{}}]*{NEW_REASON.partition('，')[0]}", text) for text in found)
    rows = [text for text in found if " | " in text]
    added, removed = ([row for row in rows if row.startswith(sign)] for sign in "+-")
    assert len(added) >= 2
    assert len(removed) >= 3
    assert all(re.fullmatch(r"\+(\{[^{}]*\}|)( \| (\{[^{}]*\}|))*", row) for row in added)
    pairs = [pair for row in rows for pair in re.findall(r"\[([^\[\]]*)\]\{([^{}]*)\}", row)]
    assert pairs
    assert all(re.fullmatch(r"-?[0-9,]+\.[0-9]{2}", figure) for pair in pairs for figure in pair)


@pytest.mark.parametrize("unit", UNITS)
def test_both_validators_find_nothing(
    unit: str, tmp_path: Path, audit: Callable[[Path], list[str]], ooxml_validator: Callable[[Path], list[str]]
) -> None:
    path = tmp_path / "修订对照.docx"
    path.write_bytes(redline_of(unit))
    assert audit(path) == []
    assert ooxml_validator(path) == []


def test_libreoffice_accepts_and_rejects_likewise(
    tmp_path: Path, soffice: Callable[[Path], Path]  # skips without LibreOffice
) -> None:
    found = revisions.find_uno()
    if found is None:
        pytest.skip(revisions.UNO_MISSING)
    for place, action in enumerate(("reject", "accept")):
        resolved = revisions.by_libreoffice(
            found, action, {unit: redline_of(unit) for unit in UNITS}, tmp_path / action
        )
        for unit, docx in resolved.items():
            assert words(docx) == words(documents(unit)[place])


def words(docx: bytes) -> list[str]:
    """Return every text of a document; LibreOffice writes merged cells, sections and page breaks otherwise."""
    return [text.strip() for text in _flat(content(docx)) if text.strip()]


def _flat(content_: revisions.Lines) -> Iterator[str]:
    for each in content_:
        yield from [each] if isinstance(each, str) else _flat(each)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> WorkspaceCopy:
    """The example unit, released once."""
    copy = WorkspaceCopy.make(tmp_path_factory.mktemp("released"))
    freeze(Workspace(copy.root), snapshot(), date=DAY)
    return copy


@pytest.fixture
def unit(released: WorkspaceCopy) -> Iterator[WorkspaceCopy]:
    """The same, to be corrected."""
    yield released
    released.restore()
    for path in released.output.glob("*.docx"):
        path.unlink()


@pytest.fixture
def juesuan(unit: WorkspaceCopy, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(unit.root, capsys)


def body_changes(path: Path) -> list[str]:
    """Return the changes without those of the contents, whose page numbers are measured afterwards."""
    return [text for text in marked(path.read_bytes()) if "\t" not in text]


def test_one_amount(unit: WorkspaceCopy, juesuan: CommandLine) -> None:
    unit.edit("决算.yaml", "    决算: 0.15\n", "    决算: 0.20\n")
    run = juesuan("redline", UNIT, str(YEAR))
    assert run.status == 0
    assert run.out.startswith(f"已生成 output/{YEAR}/{UNIT}/修订对照.docx，与发布 001（{DAY}）对照：改动 ")
    assert "3 段" in run.out
    assert "2 格" in run.out
    assert "图表" not in run.out + run.err
    path = unit.output / "修订对照.docx"
    share, change = "完成预算的[21.43%]{28.57%}", "减少[0.3]{0.25}万元，下降[66.67%]{55.56%}。"
    row, total, reception, domestic = body_changes(path)
    assert row.split(" | ")[-6:] == ["[0.15]{0.20}", *["0.00"] * 4, "[0.15]{0.20}"]
    assert f"支出决算为[0.15]{{0.2}}万元，{share}。较上年{change}" in total
    assert f"支出决算为[0.15]{{0.2}}万元，{share}，决算数较上年{change}" in reception
    assert domestic.startswith("国内公务接待支出[0.15]{0.2}万元，接待对象")
    released_docx = (unit.output / "发布" / "001" / f"{TITLE}.docx").read_bytes()
    assert juesuan("build", UNIT).status == 0
    assert rejected(path.read_bytes()) == content(released_docx)
    assert accepted(path.read_bytes()) == content(unit.document.read_bytes())
    before = path.read_bytes()
    assert juesuan("redline", UNIT, str(YEAR)).status == 0
    assert path.read_bytes() == before


def test_a_subject_for_another_changes_charts_too(unit: WorkspaceCopy, juesuan: CommandLine) -> None:
    facts = unit.path("决算.yaml").read_text(encoding="utf-8")
    for old, new in (("2101504", "2101505"), ("690.14", "689.14"), ("140.31", "139.31"), ("87.77", "88.77")):
        facts = facts.replace(old, new)
    unit.write("决算.yaml", facts)
    unit.edit("说明.yaml", "一般公共预算支出.2101504", "一般公共预算支出.2101505")
    run = juesuan("redline", UNIT, str(YEAR))
    assert run.status == 0, run.err
    rows = [text for text in body_changes(unit.output / "修订对照.docx") if text[0] in "+-"]
    assert [text.split(" | ")[0] for text in rows[:2]] == ["-[2101504]", "+{2101505}"]
    assert "图表按新的数据画，不标修订" in run.err


def test_nothing_changed(unit: WorkspaceCopy, juesuan: CommandLine) -> None:
    before = unit.outputs()
    run = juesuan("redline", UNIT, str(YEAR))
    assert (run.status, run.out) == (0, f"文字与发布 001（{DAY}）相同，没有生成修订对照\n")
    assert unit.outputs() == before


def test_one_reason_into_another_file(unit: WorkspaceCopy, juesuan: CommandLine, tmp_path: Path) -> None:
    unit.edit("说明.yaml", "较预算: 年初未列预算，年中按政策追加", "较预算: 年初没有列预算，年中按政策追加")
    path = tmp_path / "给领导" / "对照.docx"
    run = juesuan("redline", UNIT, str(YEAR), "--from", "1", "--output", str(path))
    assert run.status == 0, run.err
    (changed,) = body_changes(path)
    assert "主要原因：年初[未]{没有}列预算，年中按政策追加。" in changed
    assert not (unit.output / "修订对照.docx").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--output", "对照.pdf"], "不是 .docx"),
        (["--output", f"output/{YEAR}/{UNIT}/发布/001/对照.docx"], "发布的文件夹"),
        (["--output", f"output/{YEAR}/{UNIT}/{TITLE}.docx"], "就是生成的文档"),
        (["--from", "7"], "没有发布 7；现有：001"),
    ],
)
def test_what_it_does_not_do(
    unit: WorkspaceCopy, juesuan: CommandLine, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.chdir(unit.root)
    unit.edit("决算.yaml", "    决算: 0.15\n", "    决算: 0.20\n")
    before = unit.outputs()
    run = juesuan("redline", UNIT, str(YEAR), *words)
    assert run.status == 1
    assert message in run.err
    assert unit.outputs() == before


def test_never_released(unit: WorkspaceCopy, juesuan: CommandLine) -> None:
    run = juesuan("redline", UNIT, str(YEAR + 1))
    assert run.status == 1
    assert f"「{UNIT}」{YEAR + 1} 年度还没有发布过；发布：juesuan release" in run.err


def test_what_cannot_be_built(unit: WorkspaceCopy, juesuan: CommandLine) -> None:
    unit.edit("决算.yaml", "    决算: 0.15\n", "    决算: 0．20\n")
    run = juesuan("redline", UNIT, str(YEAR))
    assert run.status == 1
    assert f"没有生成修订对照：{UNIT} {YEAR} 年度" in run.err
    assert "请改为 0.20" in run.err


def test_a_document_published_apart_has_a_redline_of_its_own(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    copy = WorkspaceCopy.make(tmp_path)
    juesuan = CommandLine(copy.root, capsys)
    style = (copy.form / "style.yaml").read_text(encoding="utf-8")
    more = "\n另出:\n  - {标题: '{单位}{年度}年公开表', 部件: [公开表.docx]}\n"
    (copy.form / "style.yaml").write_text(style + more, encoding="utf-8")
    assert juesuan("release", UNIT, str(YEAR)).status == 0
    copy.edit("决算.yaml", "    决算: 0.15\n", "    决算: 0.20\n")
    run = juesuan("redline", UNIT, str(YEAR))
    assert run.status == 0, run.err
    apart = copy.output / f"修订对照（{UNIT}{YEAR}年公开表）.docx"
    assert [line.partition("，")[0] for line in run.out.splitlines()] == [
        f"已生成 output/{YEAR}/{UNIT}/修订对照.docx", f"已生成 output/{YEAR}/{UNIT}/{apart.name}",
    ]
    (row,) = marked(apart.read_bytes())
    assert row.endswith("[0.15]{0.20}")
    (copy.form / "style.yaml").write_text(style, encoding="utf-8")
    assert f"发布里有、现在没有，没有对照：{UNIT}{YEAR}年公开表.docx" in juesuan("redline", UNIT, str(YEAR)).err
