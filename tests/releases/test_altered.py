"""A release that was altered is found, and the message says which file, and how."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from published_unit import DAY, folder_of, version
from workspaces import UNIT, YEAR

from builder.findings import InputError
from builder.manifest import as_lines
from builder.releases.freezing import freeze
from builder.releases.reading import history, list_text, opened
from builder.workspace import Workspace

CARD = f"资料/content/{UNIT}/单位.yaml"


@pytest.fixture(scope="session")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with three releases."""
    root = tmp_path_factory.mktemp("three")
    for number in (1, 2, 3):
        freeze(Workspace(root), version(number), date=DAY)
    return root


@pytest.fixture
def releases(three: Path, tmp_path: Path) -> Path:
    """The folder of three releases, to be spoilt."""
    shutil.copytree(three / "output", tmp_path / "output")
    return folder_of(tmp_path)


def workspace_of(releases: Path) -> Workspace:
    return Workspace(releases.parents[3])


def findings(releases: Path) -> list[str]:
    return [str(finding) for finding in history(workspace_of(releases), UNIT, YEAR).findings]


def alter(path: Path, change: Callable[[bytes], bytes]) -> None:
    path.chmod(0o644)
    path.write_bytes(change(path.read_bytes()))


def one_bit(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


def test_unaltered_ones_are_sound(releases: Path) -> None:
    assert findings(releases) == []


@pytest.mark.parametrize("name", ["指标.json", "段落.json", CARD, f"{UNIT}{YEAR}年度部门决算.docx"])
def test_one_altered_bit(releases: Path, name: str) -> None:
    alter(releases / "002" / name, one_bit)
    (found,) = findings(releases)
    assert found.startswith(f"output/{YEAR}/{UNIT}/发布/002/{name}: ")
    assert "与发布 002 时不同：SHA-256 应为" in found
    assert "请从备份恢复" in found
    with pytest.raises(InputError, match="与发布 002 时不同"):
        opened(workspace_of(releases), UNIT, YEAR, "002")
    assert opened(workspace_of(releases), UNIT, YEAR, "001").number == "001"
    assert opened(workspace_of(releases), UNIT, YEAR).number == "003"


def test_a_missing_file(releases: Path) -> None:
    (releases / "001" / CARD).unlink()
    (found,) = findings(releases)
    assert found.startswith(f"output/{YEAR}/{UNIT}/发布/001/{CARD}: ")
    assert "缺少这个文件" in found


def test_a_file_too_many(releases: Path) -> None:
    (releases / "001" / "资料" / "备忘.txt").write_text("x")
    (found,) = findings(releases)
    assert "/001/资料/备忘.txt: " in found
    assert "本来没有这个文件" in found


@pytest.mark.parametrize("name", ["~$文档.docx", ".~lock.文档.docx#", "Thumbs.db", "desktop.ini", ".DS_Store"])
def test_what_programs_leave_behind_is_no_alteration(releases: Path, name: str) -> None:
    (releases / "001" / name).write_text("x")
    assert findings(releases) == []


def test_a_renamed_folder(releases: Path) -> None:
    (releases / "003").rename(releases / "007")
    found = findings(releases)
    assert any("发布 003 不见了" in text for text in found)
    assert any("这是 2022 年度的发布 003，文件夹却在 2022 年度、叫 007" in text for text in found)
    with pytest.raises(InputError, match="文件夹却在"):
        opened(workspace_of(releases), UNIT, YEAR)


def test_releases_moved_to_another_year(releases: Path) -> None:
    moved = releases.parents[2] / str(YEAR + 1) / UNIT / "发布"
    moved.parent.mkdir(parents=True)
    releases.rename(moved)
    found = history(workspace_of(moved), UNIT, YEAR + 1).findings
    assert len(found) == 3
    assert all("这是 2022 年度的发布" in finding.message for finding in found)


def test_an_altered_list(releases: Path) -> None:
    alter(releases / "003" / "清单.json", lambda data: data.replace(b'": "2023-09-01"', b'": "2024-09-01"'))
    assert json.loads((releases / "003" / "清单.json").read_bytes())["日期"] == "2024-09-01"
    found = findings(releases)
    assert any("/003/清单.json: " in text and "与末行的「校验」不符" in text for text in found)


def test_a_list_altered_with_its_own_hash(releases: Path) -> None:
    path = releases / "001" / "清单.json"
    record = json.loads(path.read_bytes())
    record["日期"] = "2024-01-01"
    del record["校验"]
    alter(path, lambda _data: list_text(record).encode())
    (found, *others) = findings(releases)
    assert "/001/清单.json: " in found
    assert "不是当时的发布 001" in found
    (releases / "登记.json").unlink()  # without the register it is found by the release after it
    found = findings(releases)[0]
    assert "/002/清单.json: " in found
    assert "前一份发布 001 不是当时的那一份" in found
    assert others == []


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"\xe7\xbc\x96\xe5\x8f\xb7": "001"}', b"\xff\xfe"])
def test_a_broken_list(releases: Path, data: bytes) -> None:
    alter(releases / "002" / "清单.json", lambda _data: data)
    found = findings(releases)
    assert any("/002/清单.json: " in text and "读不出来" in text for text in found)
    with pytest.raises(InputError, match="读不出来"):
        opened(workspace_of(releases), UNIT, YEAR, "2")


@pytest.mark.parametrize(("key", "value"), [
    ("文档", 5), ("文档", ["别的.docx"]), ("文件", {}), ("文件", [1]), ("前一份", 3), ("日期", None), ("标题", ["x"]),
])
def test_a_list_with_entries_of_another_kind(releases: Path, key: str, value: object) -> None:
    record = json.loads((releases / "002" / "清单.json").read_bytes())
    record[key] = value
    del record["校验"]
    alter(releases / "002" / "清单.json", lambda _data: list_text(record).encode())
    assert any("/002/清单.json: " in text and "读不出来" in text for text in findings(releases))


@pytest.mark.parametrize("number", ["001", "002", "003"])
def test_a_removed_release(releases: Path, number: str) -> None:
    shutil.rmtree(releases / number)
    (found,) = findings(releases)
    assert f"发布 {number} 不见了" in found
    with pytest.raises(InputError, match=f"没有发布 {number}"):
        opened(workspace_of(releases), UNIT, YEAR, number)


def test_a_removed_release_without_the_register(releases: Path) -> None:
    shutil.rmtree(releases / "001")
    (releases / "登记.json").unlink()
    (found,) = findings(releases)
    assert "前一份发布 001 不见了" in found


def test_an_exchanged_release(releases: Path, tmp_path: Path) -> None:
    other = Workspace(tmp_path / "别处")
    freeze(other, version(8), date=DAY)
    shutil.rmtree(releases / "001")
    shutil.copytree(folder_of(other.root) / "001", releases / "001")
    found = findings(releases)
    assert any("/001/清单.json: " in text and "不是当时的发布 001" in text for text in found)


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b'{"x": 3}'])
def test_a_broken_register(releases: Path, data: bytes) -> None:
    (releases / "登记.json").write_bytes(data)
    (found,) = findings(releases)
    assert found.startswith(f"output/{YEAR}/{UNIT}/发布/登记.json: ")


def test_the_register_is_mended_by_the_next_release(releases: Path) -> None:
    before = (releases / "登记.json").read_bytes()
    (releases / "登记.json").unlink()
    freeze(workspace_of(releases), version(4), date=DAY)
    register = json.loads((releases / "登记.json").read_bytes())["发布"]
    assert as_lines({"发布": {number: register[number] for number in ("001", "002", "003")}}).encode() == before


def test_all_survives_a_move_and_another_name(releases: Path, tmp_path: Path) -> None:
    moved = tmp_path / "另一台 电脑"
    shutil.copytree(tmp_path / "output", moved / "output")
    renamed = moved / "output" / str(YEAR) / "新名称"
    (moved / "output" / str(YEAR) / UNIT).rename(renamed)
    past = history(Workspace(moved), "新名称", YEAR)
    assert past.findings == []
    assert [entry.number for entry in past.entries] == ["001", "002", "003"]
    assert opened(Workspace(moved), "新名称", YEAR).snapshot().documents == version(3).documents
