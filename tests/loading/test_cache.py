"""The cache of parsed facts: it saves parsing and changes nothing, whatever stands in it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from example_unit import CARD, FACTS, UNIT, YEAR, ExampleWorkspace

from builder.findings import InputError, Source
from builder.loading import cache as module
from builder.loading.cache import Cache
from builder.loading.subjects import load_subjects
from builder.loading.unit import UnitYear, load_year

FACTS_FILE = f"content/{UNIT}/{YEAR}/决算.yaml"


@pytest.fixture
def workspace(workspace: ExampleWorkspace) -> ExampleWorkspace:
    workspace.write_year("公开表.yaml", "公开03:\n  合计: {基本支出: 35.81}\n")
    workspace.write_year("说明.yaml", "原因:\n  支出.合计:\n    较上年: 人员增加\n文本:\n  甲: |\n    乙\n    丙\n")
    workspace.write_year("绩效/1.yaml", "项目名称: 甲\n项目类别: [一, 二]\n执行数: 1\n绩效指标: []\n")
    workspace.write_year("绩效/2.yaml", "表: 项目表\n内容: {甲: {乙: [丙, {丁: 戊}]}}\n")
    workspace.write_year("职责.md", "职责。\n")
    return workspace


def kept(workspace: ExampleWorkspace) -> Path:
    return workspace.root / ".juesuan" / "资料" / str(YEAR) / f"{UNIT}.json"


def load(workspace: ExampleWorkspace, cache: Cache | None = None) -> UnitYear:
    subjects, _ = load_subjects(workspace.root, YEAR)
    return load_year(workspace.root, UNIT, YEAR, subjects, cache)


def cached(workspace: ExampleWorkspace) -> UnitYear:
    return load(workspace, Cache(workspace.root, writes=True))


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are parsed from now on."""
    names: list[str] = []
    parse = module.document_of

    def spy(file: Any, *, required: bool) -> Any:
        names.append(file.path.rpartition("/")[2])
        return parse(file, required=required)

    monkeypatch.setattr(module, "document_of", spy)
    return names


def test_what_is_kept_is_not_parsed_again_and_is_the_same(workspace, parsed):
    without = load(workspace)
    assert cached(workspace) == without
    assert sorted(parsed) == ["1.yaml", "2.yaml", "公开表.yaml", "决算.yaml", "单位.yaml", "说明.yaml"]
    parsed.clear()
    again = cached(workspace)
    assert parsed == []
    assert again == without
    assert again.positions["支出", 0, "基本支出"] == Source(FACTS_FILE, 5, 25)
    assert again.forms[0].keys["内容", "甲", "乙"] == Source(f"content/{UNIT}/{YEAR}/绩效/2.yaml", 2, 10)


def test_only_a_file_that_changed_is_parsed_though_its_time_did_not(workspace, parsed):
    cached(workspace)
    path = workspace.root / FACTS_FILE
    stamp = path.stat().st_mtime_ns
    workspace.write_year("决算.yaml", FACTS.replace("基本支出: 35.81", "基本支出: 35.82"))
    os.utime(path, ns=(stamp, stamp))
    parsed.clear()
    assert cached(workspace).facts.expenditure[0].basic == Decimal("358200.00")
    assert parsed == ["决算.yaml"]
    assert cached(workspace) == load(workspace)
    assert parsed == ["决算.yaml"]


def refused(workspace):
    """Return what is said of files that cannot be used: the same without the cache, with a new one, and after that."""
    said = []
    for cache in (None, Cache(workspace.root, writes=True), Cache(workspace.root, writes=True)):
        with pytest.raises(InputError) as caught:
            load(workspace, cache)
        said.append([str(finding) for finding in caught.value.findings])
    assert said[0] == said[1] == said[2]
    return said[0]


def test_what_is_wrong_in_a_file_is_said_every_time_and_not_kept(workspace):
    workspace.write_year("上年.yaml", "指标:\n  收入.合计: {上年： 9}\n")
    assert refused(workspace)
    assert "上年.yaml" not in kept(workspace).read_text(encoding="utf-8")


def test_what_does_not_fit_is_said_at_the_same_place(workspace):
    workspace.write_year("决算.yaml", FACTS.replace("35.81}\n支出", "三}\n支出") + "不认识: 1\n")
    said = refused(workspace)
    assert [line.split("：")[0] for line in said] == [f"{FACTS_FILE}:3:31: 错误", f"{FACTS_FILE}:6:1: 错误"]


def with_body(data: bytes, body: bytes) -> bytes:
    """A cache of the same program that holds something else, with the right checksum."""
    program = data.split(b" ")[0]
    return program + b" " + hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def with_entry(data: bytes, *entry: Any) -> bytes:
    record = json.loads(data.partition(b"\n")[2])
    record[FACTS_FILE] = [record[FACTS_FILE][0], *entry]
    return with_body(data, json.dumps(record, ensure_ascii=False).encode())


def nested(depth: int) -> tuple[Any, str]:
    value: Any = ""
    for _ in range(depth):
        value = [value]
    return value, "[0," * depth + "0" + "]" * depth


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "truncated": lambda data: data[: len(data) // 2],
    "one figure is another": lambda data: data.replace(b"35.81", b"35.82"),
    "of another version": lambda data: b"0" * 64 + data[64:],
    "no JSON": lambda data: with_body(data, b"{"),
    "not UTF-8": lambda data: with_body(data, b'{"\xff": 1}'),
    "a list": lambda data: with_body(data, b"[]"),
    "very deep": lambda data: with_body(data, b"[" * 100_000),
    "an endless number": lambda data: with_body(data, b'{"a": ' + b"9" * 100_000 + b"}"),
    "too large": lambda data: with_body(data, data.partition(b"\n")[2] + b" " * 11_000_000),
    "entries are texts": lambda data: with_body(data, json.dumps({FACTS_FILE: "x"}).encode()),
    "two parts of an entry": lambda data: with_entry(data, {"金额单位": "元"}),
    "numbers for texts": lambda data: with_entry(data, {"金额单位": 1}, "[0,0,0]"),
    "nothing for texts": lambda data: with_entry(data, {"金额单位": None}, "[0,0,0]"),
    "places that are no text": lambda data: with_entry(data, {"金额单位": "元"}, [0, 0, 0]),
    "deeper than a file may be": lambda data: with_entry(data, *nested(60)),
    "half a character": lambda data: with_body(data, data.partition(b"\n")[2].replace("万元".encode(), rb"\ud800")),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_cache_that_is_not_as_it_should_be_is_not_used_and_made_anew(damage, workspace):
    without = cached(workspace)
    good = kept(workspace).read_bytes()
    kept(workspace).write_bytes(damage(good))
    assert kept(workspace).read_bytes() != good
    assert cached(workspace) == without
    assert kept(workspace).read_bytes() == good


def test_a_cache_with_other_values_and_the_right_checksum_is_checked_like_a_file(workspace):
    cached(workspace)
    body = kept(workspace).read_bytes().partition(b"\n")[2].replace(b"35.81", "三十五".encode())
    kept(workspace).write_bytes(with_body(kept(workspace).read_bytes(), body))
    with pytest.raises(InputError, match=r"「基本支出」的金额写作「三十五」，不是金额"):
        cached(workspace)


@pytest.mark.parametrize(
    "places", ["", "[", "[]", "[0,0]", "[[],0]", "0", '["a",0,0]', "[" * 100_000, "9" * 100_000, "[0,0,0,0,0]", "true"]
)
def test_places_that_do_not_go_with_the_values_are_not_told(places, workspace):
    workspace.write_year("决算.yaml", FACTS.replace("2080505, 基本", "2080501, 基本"))
    without = cached(workspace)
    record = json.loads(kept(workspace).read_bytes().partition(b"\n")[2])
    kept(workspace).write_bytes(with_entry(kept(workspace).read_bytes(), record[FACTS_FILE][1], places))
    again = cached(workspace)
    assert again.facts == without.facts
    assert ("支出", 0, "基本支出") not in again.positions


def test_nothing_is_lost_with_it_and_nothing_written_where_it_is_not_wanted(workspace):
    without = cached(workspace)
    shutil.rmtree(workspace.root / ".juesuan")
    assert load(workspace, Cache(workspace.root)) == without
    assert not (workspace.root / ".juesuan").exists()


def test_where_it_cannot_be_written_there_is_none(workspace):
    (workspace.root / ".juesuan").write_text("", encoding="utf-8")
    assert cached(workspace) == load(workspace)


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_no_link_leads_out_of_the_workspace(workspace, tmp_path_factory, parsed):
    outside = tmp_path_factory.mktemp("外面")
    (workspace.root / ".juesuan").symlink_to(outside, target_is_directory=True)
    assert cached(workspace) == cached(workspace)
    assert not list(outside.iterdir())
    (workspace.root / ".juesuan").unlink()
    cached(workspace)
    kept(workspace).rename(outside / "别处.json")
    kept(workspace).symlink_to(outside / "别处.json")
    parsed.clear()
    assert cached(workspace) == load(workspace)
    assert "决算.yaml" in parsed


def test_what_yaml_says_with_escapes_is_the_same_from_the_cache(workspace):
    workspace.write(f"content/{UNIT}/单位.yaml", CARD + '简称: "a\\u0007\\\\u0041"\n')
    assert cached(workspace).card.short_name == "a\a\\u0041"
    assert cached(workspace).card.short_name == "a\a\\u0041"
