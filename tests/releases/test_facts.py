"""What changed in the inputs: fact by fact, with its place; and each change can be made by itself."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from workspaces import EXAMPLES, ROOT, UNIT, YEAR

from builder.building import Builder
from builder.findings import Source
from builder.loading.document import Value
from builder.loading.markdown import parse_markdown
from builder.loading.text_reader import TextFile
from builder.loading.yaml_reader import document_of
from builder.releases.aligning import is_ledger
from builder.releases.facts import InputChange, Kind, applied, changed_inputs
from builder.releases.merging import MISSING, Difference, Merge
from builder.releases.states import State, state_of
from builder.workspace import Workspace

BUILDER = Builder(Workspace(ROOT))
FACTS, NOTES, DUTIES = (f"content/{UNIT}/{YEAR}/{name}" for name in ("决算.yaml", "说明.yaml", "职责.md"))


@cache
def state(unit: str = UNIT, year: int = YEAR) -> State:
    accounts = BUILDER.accounts(unit, year)
    return state_of(BUILDER.workspace, accounts, BUILDER.form(accounts.style.name))




def edited(path: str, *edits: tuple[str, str], before: State | None = None) -> State:
    """Return the state with pieces of a file, each standing there once, written otherwise."""
    before = before or state()
    text = before.files[path].decode()
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        text = text.replace(old, new)
    return replace(before, files={**before.files, path: text.encode()})


def line_of(now: State, path: str, piece: str) -> int:
    (line,) = (number for number, text in enumerate(now.files[path].decode().splitlines(), 1) if piece in text)
    return line


def brief(changes: list[InputChange]) -> list[tuple[str, str | None, str | None]]:
    return [(" › ".join(change.where), change.old, change.new) for change in changes]


def released(files: State) -> State:
    return replace(files, folder="output/2022/某单位/发布/001/资料")


def test_nothing_changed() -> None:
    assert changed_inputs(state(), state()) == []


def test_a_leaf_amount_with_its_place() -> None:
    now = edited(FACTS, ("一般公共预算, 项目支出: 87.77", "一般公共预算, 项目支出: 78.77"))
    (change,) = changed_inputs(released(state()), now)
    assert (change.kind, change.file) == (Kind.FACT, FACTS)
    assert change.where == ("支出", "科目 2101506、资金来源 一般公共预算", "项目支出")
    assert (change.old, change.new) == ("87.77", "78.77")
    line = line_of(now, FACTS, "项目支出: 78.77")
    column = now.files[FACTS].decode().splitlines()[line - 1].index("78.77") + 1
    assert change.source == Source(FACTS, line, column)
    assert str(change) == "支出 › 科目 2101506、资金来源 一般公共预算 › 项目支出：「87.77」→「78.77」"


def test_a_line_that_moved_is_the_same_line() -> None:
    line = "  - {科目: 2101506, 资金来源: 一般公共预算, 项目支出: 87.77}\n"
    moved = ("  - {科目: 2080101, 资金来源: 一般公共预算, 基本支出: 10.43}\n", line.replace("87.77", "87.78")
             + "  - {科目: 2080101, 资金来源: 一般公共预算, 基本支出: 10.43}\n")
    now = edited(FACTS, (line, ""), moved)
    assert brief(changed_inputs(state(), now)) == [
        ("支出 › 科目 2101506、资金来源 一般公共预算 › 项目支出", "87.77", "87.78")
    ]


def test_a_corrected_code_is_one_change_and_not_a_line_less_and_a_line_more() -> None:
    now = edited(FACTS, ("{科目: 2101504, 资金来源: 一般公共预算, 项目支出: 138.02}",
                         "{科目: 2101505, 资金来源: 一般公共预算, 项目支出: 138.02}"))
    assert brief(changed_inputs(state(), now)) == [
        ("支出 › 科目 2101505、资金来源 一般公共预算 › 科目", "2101504", "2101505")
    ]


def test_an_added_and_a_removed_line() -> None:
    line = "  - {科目: 2299999, 资金来源: 非财政拨款, 基本支出: 2.51}\n"
    now = edited(FACTS, (line, ""))
    (gone,) = changed_inputs(released(state()), now)
    assert (gone.old, gone.new) == ("{科目: 2299999, 资金来源: 非财政拨款, 基本支出: 2.51}", None)
    assert gone.source.path == f"output/2022/某单位/发布/001/资料/{FACTS}"
    assert gone.source.line == line_of(state(), FACTS, line.strip())
    (added,) = changed_inputs(now, state())
    assert (added.old, added.new) == (None, "{科目: 2299999, 资金来源: 非财政拨款, 基本支出: 2.51}")
    assert added.source == Source(FACTS, line_of(state(), FACTS, line.strip()), 5)


def test_remarks_order_and_notation_are_no_changes() -> None:
    text = state().files[FACTS].decode()
    text = text.replace("    ", " \t".replace("\t", "   ")).replace("87.77", '"87.77"')
    text = "# 改了说明\n" + "\n".join(f"{line}   # 注" if line.endswith("}") else line for line in text.splitlines())
    first = "  - {科目: 2101101, 一般公共预算财政拨款: 20.82}"
    lines = text.splitlines()
    (place,) = (number for number, line in enumerate(lines) if line.startswith(first))
    lines[place], lines[place + 1] = lines[place + 1], lines[place]
    now = replace(state(), files={**state().files, FACTS: "\r\n".join(lines).encode("utf-8-sig")})
    assert now.files[FACTS] != state().files[FACTS]
    assert changed_inputs(state(), now) == []


def test_a_reason() -> None:
    notes = yaml.safe_load(state().files[NOTES])
    reason = notes["原因"]["收支.总计"]["较上年"]
    now = edited(NOTES, (reason, "人员增加"))
    (change,) = changed_inputs(state(), now)
    assert change.where == ("原因", "收支.总计", "较上年")
    assert (change.old, change.new) == (reason, "人员增加")


def with_text(path: str, text: str) -> State:
    return replace(state(), files={**state().files, path: text.encode()})


def test_a_long_text_by_sentence() -> None:
    before = with_text(DUTIES, "# 职责\n第一句话。第二句话！第三句？\n\n整段都删去。有两句。\n\n留下的。\n")
    now = with_text(DUTIES, "# 职责\r\n第一句话。第二句话改了！\r\n留下的。又加了一句。\r\n新的一段，也有。两句。\r\n")
    changes = changed_inputs(released(before), now)
    assert [(change.old, change.new) for change in changes] == [
        ("第二句话！", "第二句话改了！"),
        ("第三句？", None),
        ("整段都删去。有两句。", None),
        (None, "又加了一句。"),
        (None, "新的一段，也有。两句。"),
    ]
    assert {change.kind for change in changes} == {Kind.SENTENCE}
    then = f"output/2022/某单位/发布/001/资料/{DUTIES}"
    assert [change.source for change in changes] == [
        Source(DUTIES, 2, 6), Source(then, 2, 11), Source(then, 4, 1), Source(DUTIES, 3, 5), Source(DUTIES, 4, 1),
    ]
    assert loaded(applied(before, now, changes[2:3]))[DUTIES] == parse_markdown(
        "# 职责\n第一句话。第二句话！第三句？\n留下的。\n", DUTIES
    )[0]


def test_empty_lines_and_blanks_at_the_end_are_no_changes() -> None:
    before = with_text(DUTIES, "第一句。\n第二句。")
    assert changed_inputs(before, with_text(DUTIES, "\n第一句。  \n\n　\n　　第二句。\n\n")) == []


def test_the_indent_of_a_lists_item_is_a_change() -> None:
    before, now = with_text(DUTIES, "- 甲\n- 乙\n"), with_text(DUTIES, "- 甲\n  - 乙\n")
    (change,) = changed_inputs(before, now)
    assert loaded(applied(before, now, [change])) == loaded(now)
    assert loaded(before) != loaded(now)


def test_other_inputs_as_whole_files() -> None:
    part = next(path for path in state().files if path.endswith("说明.docx"))
    pages = f"content/{UNIT}/{YEAR}/页码.yaml"
    subjects = next(path for path in state().files if path.endswith(".csv"))
    changed = {path: state().files[path] + b"\n" for path in (part, pages, subjects)}
    now = replace(state(), files={**state().files, **changed}, program="juesuan 99")
    found = changed_inputs(state(), now)
    assert {(change.kind, change.file) for change in found} == {
        (Kind.FILE, part), (Kind.FILE, pages), (Kind.FILE, subjects), (Kind.PROGRAM, "程序"),
    }
    assert applied(state(), now, [change for change in found if change.file == part]).files == {
        **state().files, part: changed[part]
    }


def test_a_file_that_may_be_missing_is_compared_with_none() -> None:
    stated = f"content/{UNIT}/{YEAR}/公开表.yaml"
    without = replace(state(), files={path: data for path, data in state().files.items() if path != stated})
    changes = changed_inputs(without, state())
    cells = yaml.safe_load(state().files[stated])
    count = sum(len(row) for table in cells.values() if isinstance(table, dict) for row in table.values())
    assert len(changes) == count + 1  # and 金额单位
    assert all(change.old is None for change in changes)
    assert applied(without, state(), []).files == without.files
    assert changed_inputs(applied(without, state(), changes), state()) == []
    assert stated not in applied(state(), without, changed_inputs(state(), without)).files


def test_a_unit_under_another_name() -> None:
    renamed = state().renamed("新名称")
    assert f"content/新名称/{YEAR}/决算.yaml" in renamed.files
    assert changed_inputs(state(), renamed) == []
    without = edited(FACTS, ("  30113: 75.13\n", "")).renamed("新名称")
    (gone,) = changed_inputs(released(state()), without)
    assert gone.source.path == f"output/2022/某单位/发布/001/资料/{FACTS}"
    assert gone.file == f"content/新名称/{YEAR}/决算.yaml"


def test_the_order_in_which_people_are_listed_is_a_fact() -> None:
    before = with_text(FACTS, "收入: []\n支出: []\n人员:\n  编制: {行政编制: 2, 事业编制: 3}\n")
    now = with_text(FACTS, "收入: []\n支出: []\n人员:\n  编制: {事业编制: 3, 行政编制: 2}\n")
    (change,) = changed_inputs(before, now)
    assert (change.kind, change.where) == (Kind.ORDER, ("人员", "编制"))
    made = loaded(applied(before, now, [change]))[FACTS]
    assert list(made["人员"]["编制"]) == ["事业编制", "行政编制"]


def loaded(files: State) -> dict[str, Any]:
    """Return what the program reads from the files of the content folder."""
    values: dict[str, Any] = {}
    for path, data in files.files.items():
        if not path.startswith("content/"):
            values[path] = data
        elif path.endswith(".yaml"):
            values[path] = sorted_ledger(document_of(TextFile(path, data.decode("utf-8-sig"), "")).data)
        else:
            values[path] = parse_markdown(data.decode(), path)[0]
    return values


def sorted_ledger(value: Any) -> Any:
    """Return values with the ledger's lines in one order: theirs means nothing."""
    if isinstance(value, dict):
        return {key: sorted_ledger(inner) for key, inner in value.items()}
    if isinstance(value, list):
        items = [sorted_ledger(item) for item in value]
        return sorted(items, key=partial(json.dumps, sort_keys=True)) if items and is_ledger(items) else items
    return value


class Spoiler:
    """Someone who changes things here and there."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def value(self, value: Value) -> Value:
        if isinstance(value, dict):
            items = [(key, self.value(inner)) for key, inner in value.items() if self.chance.random() > 0.03]
            if self.chance.random() < 0.05:
                items.append((f"新{self.chance.randrange(9)}", "1.00"))
            if self.chance.random() < 0.1:
                self.chance.shuffle(items)
            return dict(items)
        if isinstance(value, list):
            listed = [self.value(item) for item in value if self.chance.random() > 0.05]
            if value and self.chance.random() < 0.3:
                listed.insert(self.chance.randrange(len(listed) + 1), self.value(self.chance.choice(value)))
            if self.chance.random() < 0.1:
                self.chance.shuffle(listed)
            return listed
        return f"{value}改" if self.chance.random() < 0.05 else value

    def text(self, text: str) -> str:
        pieces = [piece for piece in text.split("。") if self.chance.random() > 0.1]
        if self.chance.random() < 0.5:
            pieces.insert(self.chance.randrange(len(pieces) + 1), "\n新的一句")
        return "。".join(pieces) or "空"


def spoilt(before: State, seed: int) -> State:
    spoiler = Spoiler(seed)
    files = dict(before.files)
    for path, data in before.files.items():
        if path.startswith("content/") and spoiler.chance.random() < 0.5:
            if path.endswith(".md"):
                files[path] = spoiler.text(data.decode()).encode()
            elif (read := document_of(TextFile(path, data.decode("utf-8-sig"), "")).data) is not None:
                dumped = yaml.safe_dump(spoiler.value(read), allow_unicode=True, default_style='"', sort_keys=False)
                files[path] = dumped.encode()
    return replace(before, files=files)


@pytest.mark.parametrize(("unit", "year"), EXAMPLES, ids=[unit for unit, _ in EXAMPLES])
@pytest.mark.parametrize("seed", range(6))
def test_all_changes_give_the_new_facts_and_none_the_old(unit: str, year: int, seed: int) -> None:
    old = state(unit, year)
    new = spoilt(old, seed)
    changes = changed_inputs(old, new)
    assert len(changes) > 3
    assert len({(change.file, change.key) for change in changes}) == len(changes)
    assert applied(old, new, []).files == old.files
    assert loaded(applied(old, new, changes)) == loaded(new)


@pytest.mark.parametrize("seed", range(6))
def test_a_change_made_by_itself_is_that_change(seed: int) -> None:
    new = spoilt(state(), 100 + seed)
    changes = changed_inputs(state(), new)
    for change in changes[:: max(1, len(changes) // 8)]:
        alone = changed_inputs(state(), applied(state(), new, [change]))
        assert list(map(told, alone)) == [told(change)]
        others = [other for other in changes if other != change]
        left = changed_inputs(applied(state(), new, others), new)
        assert list(map(told, left)) == [told(change)]


def told(change: InputChange) -> tuple[object, ...]:
    """Return a change without what other changes have a part in: the names of lines, lists as a whole."""
    return change.kind, change.file, *((change.old, change.new) if change.kind is not Kind.ORDER else ())


def shuffled(value: Any, chance: random.Random) -> Any:
    """Return values with all keys, and all lines of the ledger, in another order."""
    if isinstance(value, dict):
        items = [(key, shuffled(inner, chance)) for key, inner in value.items()]
        chance.shuffle(items)
        return dict(items)
    if isinstance(value, list):
        listed = [shuffled(item, chance) for item in value]
        if is_ledger(listed):
            chance.shuffle(listed)
        return listed
    return value


@pytest.mark.parametrize(("unit", "year"), EXAMPLES, ids=[unit for unit, _ in EXAMPLES])
def test_an_order_that_is_no_change_changes_no_document(unit: str, year: int, tmp_path: Path) -> None:
    old = state(unit, year)
    chance = random.Random(year)
    files = dict(old.files)
    for path, data in old.files.items():
        if path.startswith("content/") and path.endswith(".yaml") and not path.endswith("页码.yaml"):
            read = document_of(TextFile(path, data.decode("utf-8-sig"), "")).data
            values = shuffled(read, chance)
            files[path] = yaml.safe_dump(values, allow_unicode=True, default_style='"', sort_keys=False).encode()
    new = replace(old, files=files)
    changes = changed_inputs(new, old)
    assert {change.kind for change in changes} <= {Kind.ORDER}
    new = applied(new, old, changes)  # what is printed in the user's order is put back into it
    assert changed_inputs(old, new) == []
    assert new.files != old.files
    built = Builder(new.write(tmp_path)).build(unit, year)
    assert built.rendered.docx == BUILDER.build(unit, year).rendered.docx


words = st.sampled_from(["甲", "乙", "丙", "1.00", ""])
records = st.dictionaries(st.sampled_from(["科目", "资金来源", "名称", "金额"]), words, max_size=3)
values = st.recursive(
    words | records,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(words, values, max_size=4), st.dictionaries(words, values, max_size=4))
def test_any_two_versions(old: dict[str, Value], new: dict[str, Value]) -> None:
    found: list[Difference] = []

    def note(difference: Difference) -> bool:
        found.append(difference)
        return False

    assert Merge(note, lambda _path: True).of(old, new) == old
    keys = [difference.key for difference in found]
    assert len(set(keys)) == len(keys)
    made = Merge(lambda _difference: True, lambda _path: True).of(old, new)
    assert made is not MISSING
    assert sorted_ledger(made) == sorted_ledger(new)
    assert (found == []) == (sorted_ledger(old) == sorted_ledger(new) and in_order(old) == in_order(new))


def in_order(value: Any) -> Any:
    """Return the order of the keys of every mapping, but for the ledger's lines."""
    if isinstance(value, dict):
        return [(key, in_order(inner)) for key, inner in value.items()]
    if isinstance(value, list):
        return None if is_ledger(value) else [in_order(item) for item in value]
    return None
