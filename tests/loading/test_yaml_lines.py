"""YAML read line by line is what YAML says: whatever is read so, the library's events give the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workspaces import ROOT

from builder.loading import yaml_values
from builder.loading.document import KeyPositions, Positions
from builder.loading.yaml_lines import read_lines
from builder.loading.yaml_values import read_values

FILES = sorted((ROOT / "content").rglob("*.yaml"))


def same(text: str) -> bool:
    """Tell whether a text is read by lines; if so, as by the events, which then have nothing to find."""
    if (read := read_lines(text)) is None:
        return False
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_values, "read_lines", lambda _text: None)
        values = read_values(text, "甲.yaml")
    assert (values.findings, values.slips, values.plain_text) == ([], [], False)
    assert repr(read[0]) == repr(values.top)  # the order of keys too
    for positions in (Positions, KeyPositions):
        assert dict(positions("甲.yaml", *read)) == dict(positions("甲.yaml", values.top, values.places))
    return True


def test_what_the_units_of_this_workspace_have_is_read_by_lines():
    read = [same(path.read_text(encoding="utf-8")) for path in FILES]
    assert sum(read) > len(FILES) / 2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("# 注\n甲: 1\n\n乙:  a b # 注\n丙:\n", {"甲": "1", "乙": "a b", "丙": ""}),
        (
            "甲:\n  - {科目: 2080505, 基本支出: -3.2}\n  - [一, 二]\n",
            {"甲": [{"科目": "2080505", "基本支出": "-3.2"}, ["一", "二"]]},
        ),
        ("- 甲: 1\n  乙: 2\n- 丙:\n    - 丁\n", [{"甲": "1", "乙": "2"}, {"丙": ["丁"]}]),
        ("甲: []\r\n乙: {}\r\n", {"甲": [], "乙": {}}),
        ("甲:\n  乙:\n    丙: a:b\n  丁: 12:30\n", {"甲": {"乙": {"丙": "a:b"}, "丁": "12:30"}}),
    ],
)
def test_the_usual_ways_of_writing_are_read_by_lines(text, value):
    assert same(text)
    assert read_lines(text)[0] == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# 注\n",
        "文字",
        "甲: '1'\n",
        '甲: "1"\n',
        "甲: |\n  一\n",
        "甲: 一\n  二\n",
        "甲: 1\n甲: 2\n",
        "甲：1\n",
        "甲:1\n",
        "-甲\n",
        "甲: {乙: 1, 乙: 2}\n",
        "甲: {乙: {丙: 1}}\n",
        "甲: {乙: 1,064}\n",
        "甲: [一，二]\n",
        "甲: &乙 1\n",
        "甲: *乙\n",
        "甲: !乙 1\n",
        "甲: ｛乙｝\n",
        "甲: 乙: 丙\n",
        "甲:\n- 一\n",
        "甲: 1\n---\n乙: 2\n",
        "甲:\t1\n",
        "<<: 1\n",
        " 甲: 1\n乙: 2\n",
        "甲: 1\n- 乙\n",
        "甲:\n" + "".join(f"{' ' * n}甲:\n" for n in range(1, 60)),
    ],
)
def test_everything_else_is_left_to_those_who_know_all_of_yaml(text):
    assert read_lines(text) is None


KEYS = st.sampled_from(
    [
        "科目",
        "收入.合计",
        "345",
        "345.6",
        "甲，乙",
        "a b",
        "a!",
        "-a",
        "“三公”",
        ".",
        "...",
        "<<",
        "",
        "?",
        "x/y",
        "x#y",
    ]
)
PLAIN = [
    "",
    "1",
    "-3.2",
    "1,064.50",
    "a b",
    "a:b",
    "a: b",
    "a:",
    "a #b",
    "a#b",
    "-",
    "- a",
    "~",
    "'a'",
    '"a"',
    "|",
    ">",
]
SIGNED = ["&a", "*a", "!a", "%a", "@a", "?a", "? a", "：", "a：b", "，", "［一］", "...", "---", "\u3000", "a\u3000"]
NOTED = ["# 注", "甲 # 注", "甲  ", "{甲: 1} # 注", "{甲: a b }", "{ 甲: 1 }"]
LISTS = ["[]", "[一, 二]", "[一，二]", "[-1, - 2]", "[一,二]", "[[一], 二]", "[甲: 一]"]
MAPPINGS = [
    "{}", "{甲: 1}", "{甲: 1, 乙: 2}", "{甲: 1,乙: 2}", "{甲: 1, 甲: 2}", "{甲: }", "{甲}", "{甲: [一]}",
    "{345: 1, 064: 2}", "{甲: a:b}", "{甲:b}", "{甲: b?}", "{甲: 1,064}",
]  # fmt: skip
LINES = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", "", "  ", "    ", " "]),
    st.sampled_from(["", "", "- ", "-", "-  ", "- - "]),
    st.one_of(st.just(""), st.builds("{}:".format, KEYS)),
    st.sampled_from([" ", " ", "", "  ", "\t"]),
    st.sampled_from([*PLAIN, *SIGNED, *NOTED, *LISTS, *MAPPINGS]),
)


@given(st.lists(LINES, min_size=1, max_size=8), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\n"]))
@settings(max_examples=1500, deadline=None)
def test_whatever_is_read_by_lines_is_what_yaml_says(lines, end, last):
    same(end.join(lines) + last)


def test_a_file_with_something_put_in_anywhere_is_still_what_yaml_says():
    signs = ["'", '"', ": ", " #", ", ", "，", "：", "-", "\n", "\n  ", " ", "{", "}", "[", "]", "\t", "&a ", "\u3000"]
    text = FILES[0].read_text(encoding="utf-8")[:400]
    for place in range(0, len(text), 3):
        for sign in signs:
            same(text[:place] + sign + text[place:])
