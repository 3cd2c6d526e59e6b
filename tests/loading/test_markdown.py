"""Long texts: what an accountant types comes out as typed, and what cannot be printed is named with its line."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.blocks import Alignment, Block, Heading, LineBreak, ListItem, Paragraph, Table, Text, plain
from builder.findings import Finding, Level
from builder.loading.characters import UNUSUAL, character_findings, may_have_findings, normalised
from builder.loading.markdown import MAX_BYTES, parse_markdown

PATH = "content/某单位/2022/职责.md"
SPECIAL = "*_[\\|`#=~-+>"  # what Markdown gives a meaning to


def read(text: str) -> list[Block]:
    blocks, findings = parse_markdown(text, PATH)
    assert findings == []
    return blocks


def only(text: str) -> Finding:
    _blocks, (finding,) = parse_markdown(text, PATH)
    return finding


def para(text: str) -> Paragraph:
    return Paragraph((Text(text),))


def visible(block: Block) -> str:
    if isinstance(block, Table):
        return "".join(plain(cell) for row in (block.header, *block.rows) for cell in row)
    return (block.number if isinstance(block, ListItem) else "") + plain(block.runs)


def test_every_line_is_a_paragraph_without_its_typed_indent() -> None:
    assert read("　　贯彻执行国家方针。\n    负责基金征缴。\n\n\n\t完成其它工作。　\n") == [
        para("贯彻执行国家方针。"),
        para("负责基金征缴。"),
        para("完成其它工作。"),
    ]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x0b", "\u2028"])
def test_line_ends_of_other_programs(end: str) -> None:
    assert read(f"\ufeff甲{end}乙") == [para("甲"), para("乙")]


@pytest.mark.parametrize(
    "text",
    [
        "一、部门主要职责",
        "（一）机构设置",
        "1.根据全市医疗保障工作规划",
        "1、机构设置情况",
        "1.5万元以下的采购",
        "1) 甲",
        "金额<5万元且>3万元",
        "a<b 且 c>d",
        "研究&开发 A&B; &",
        "#3楼会议室",
        "30*5*2=300",
        "鄂政发[2022]15号、[2022](15号)",
        "文件_2022_终稿",
        "+5%",
        "-某单位",
        "{{ 单位.名称 }} `code` ~~删~~",
        "C:\\数据",
        "！[见附件]",
    ],
)
def test_text_that_only_looks_like_markup_is_itself(text: str) -> None:
    assert read(text) == [para(text)]


def test_headings() -> None:
    assert read("# 一、主要职责\n##二、机构设置\n###### 附 ##\n") == [
        Heading(1, (Text("一、主要职责"),)),
        Heading(2, (Text("二、机构设置"),)),
        Heading(6, (Text("附"),)),
    ]


def test_numbers_of_lists_are_as_typed() -> None:
    assert read("3. 甲\n3. 乙\n\n10. 2022年") == [
        ListItem((Text("甲"),), ordered=True, number="3."),
        ListItem((Text("乙"),), ordered=True, number="3."),
        ListItem((Text("2022年"),), ordered=True, number="10."),
    ]


def test_lists_nest_by_indent_of_any_width() -> None:
    text = "- 甲\n  - 乙\n      * 丙\n  1. 丁\n- 戊\n正文\n    - 己"
    levels = [(visible(block), block.level) for block in read(text) if isinstance(block, ListItem)]
    assert levels == [("甲", 0), ("乙", 1), ("丙", 2), ("1.丁", 1), ("戊", 0), ("己", 0)]


def test_bold_and_italic() -> None:
    assert read("**“重点”**工作，*斜*与***两者***及\\*星\\*") == [
        Paragraph((
            Text("“重点”", bold=True), Text("工作，"), Text("斜", italic=True), Text("与"),
            Text("两者", bold=True, italic=True), Text("及*星*"),
        ))
    ]  # fmt: skip


def test_table() -> None:
    text = (
        "人员情况如下：\n| 类别 | 编制 | **实有** | 备注 |\n|:--|--:|:-:|---|\n"
        "| 行政 | 10 | 9<br>（含借调） | a\\|b |\n事业 | 5 | 4 |  |\n完。"
    )
    before, table, after = read(text)
    assert (before, after) == (para("人员情况如下："), para("完。"))
    assert isinstance(table, Table)
    assert table.header == ((Text("类别"),), (Text("编制"),), (Text("实有", bold=True),), (Text("备注"),))
    assert table.rows == (
        ((Text("行政"),), (Text("10"),), (Text("9"), LineBreak(), Text("（含借调）")), (Text("a|b"),)),
        ((Text("事业"),), (Text("5"),), (Text("4"),), ()),
    )
    assert table.alignments == (Alignment.LEFT, Alignment.RIGHT, Alignment.CENTER, None)


@pytest.mark.parametrize(
    ("line", "level", "part"),
    [
        ("<div class='x'>", Level.ERROR, "网页标记 <div class='x'>"),
        ("正文<b>加粗", Level.ERROR, "加粗请写 **文字**"),
        ("<!-- 注", Level.ERROR, "网页标记 <!--"),
        ("见![图](a.png)", Level.ERROR, "不能放图片（![图](a.png)）"),
        ("```python", Level.ERROR, "代码块（```）"),
        ("甲\x07乙", Level.ERROR, "控制字符（U+0007）"),
        ("甲\u202e乙", Level.ERROR, "控制字符（U+202E）"),
        ("甲\uf06c乙", Level.ERROR, "自造字或符号字体的字符（U+F06C）"),
        ("甲\udc80乙", Level.ERROR, "残缺的字符（U+DC80）"),
        ("甲\ufffd乙", Level.ERROR, "乱码（U+FFFD）"),
        ("| 甲 | 乙 |", Level.ERROR, "下一行不是 |---|---|"),
        ("[网站](https://a.gov.cn/x)", Level.WARNING, "链接「网站」只印出文字"),
        ("<https://a.gov.cn>", Level.WARNING, "链接「https://a.gov.cn」"),
        ("进展顺利😀", Level.WARNING, "不宜使用表情符号（😀）"),
        ("甲\t乙", Level.WARNING, "制表符"),
        ("A&nbsp;B", Level.WARNING, "「&nbsp;」是网页里的写法"),
        ("> 引用", Level.WARNING, "没有引用格式"),
        ("----", Level.WARNING, "分隔线"),
        ("**重点", Level.WARNING, "不成对的 **"),
    ],
)
def test_findings_name_the_line_and_what_to_do(line: str, level: Level, part: str) -> None:
    finding = only(f"第一行\n\n{line}\n末行\n")
    assert finding.level is level
    assert finding.source
    assert (finding.source.path, finding.source.line) == (PATH, 3)
    assert part in finding.message


def test_official_marks_are_no_emoji() -> None:
    assert read("☑是 □否 ★①②㎡→") == [para("☑是 □否 ★①②㎡→")]


def test_rows_of_a_table_are_as_wide_as_its_header() -> None:
    blocks, findings = parse_markdown("|甲|乙|\n|---|---|\n|1|2|3|\n|1|\n", PATH)
    assert [(finding.source and finding.source.line, finding.level) for finding in findings] == [
        (3, Level.ERROR),
        (4, Level.WARNING),
    ]
    assert "有 3 格，表头却有 2 格" in findings[0].message
    (table,) = blocks
    assert isinstance(table, Table)
    assert {len(row) for row in table.rows} == {2}
    assert only("|甲|乙|\n|---|\n|1|2|").level is Level.ERROR


def test_large_and_empty_files() -> None:
    text = "字" * (MAX_BYTES // 3 + 1)
    assert "文件有 2.0 MB，超过长文的上限 2 MB" in only(text).message
    assert parse_markdown(text, PATH)[0] == []
    assert "文件是空的" in only(" \n　\n").message


@given(st.text(st.characters(exclude_characters=SPECIAL, exclude_categories=("C", "Zl", "Zp")), min_size=1))
def test_text_comes_out_as_typed(text: str) -> None:
    blocks, _findings = parse_markdown(f"甲{text}\n{text}", PATH)
    assert re.sub(r"\s", "", "".join(map(visible, blocks))) == re.sub(r"\s", "", f"甲{text}{text}")


@given(st.text(st.sampled_from("甲1. \t\n*_[](){}\\|`#=~-+><!&:/brhttp\ud800\x02\ue000\ufeff")))
def test_no_text_breaks_the_reader(text: str) -> None:
    blocks, _findings = parse_markdown(text, PATH)
    assert not set("".join(map(visible, blocks))) & set("\ud800\x02\ue000\ufeff")


def test_what_may_be_wrong_or_is_changed_is_unusual() -> None:
    characters = "".join(map(chr, range(0x110000))).replace("\n", "")
    usual = re.sub(f"[{UNUSUAL}]", "", characters)
    assert len(usual) > len(characters) * 0.8
    assert normalised(usual) == usual
    assert not may_have_findings(usual)
    assert not list(character_findings(usual, "甲.md", 1))
