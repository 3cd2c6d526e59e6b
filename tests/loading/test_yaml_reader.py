"""Reading YAML: scalars as written, places, and nothing but findings whatever the file holds."""

from __future__ import annotations

import hashlib
import os

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from builder.findings import Finding, Level, Source
from builder.loading import yaml_values
from builder.loading.document import Document
from builder.loading.text_reader import TextFile
from builder.loading.yaml_reader import document_of, read_yaml


def document(text: str) -> Document:
    return document_of(TextFile("甲.yaml", text, ""))


def test_scalars_are_text_exactly_as_written():
    text = (
        "代码: 001001\n时刻: 12:30:45\n金额: 1.10\n千分位: 1,064.50\n是否: yes\n空: ~\n日期: 2022-12-31\n指数: 1e5\n"
        "八进制: 0o17\n引号: '1.0'\n真: true\n无: null\n没有:\n"
    )
    assert document(text).data == {
        "代码": "001001",
        "时刻": "12:30:45",
        "金额": "1.10",
        "千分位": "1,064.50",
        "是否": "yes",
        "空": "~",
        "日期": "2022-12-31",
        "指数": "1e5",
        "八进制": "0o17",
        "引号": "1.0",
        "真": "true",
        "无": "null",
        "没有": "",
    }


def test_every_value_and_every_key_has_its_place():
    loaded = document("金额单位: 万元\n支出:\n  - 科目: 2080505\n    基本支出: 35.81\n人员: {编制: {事业: 33}}\n")
    assert loaded.positions["金额单位",] == Source("甲.yaml", 1, 7)
    assert loaded.positions["支出", 0, "基本支出"] == Source("甲.yaml", 4, 11)
    assert loaded.positions["支出", 0] == Source("甲.yaml", 3, 5)
    assert loaded.keys["支出", 0, "基本支出"] == Source("甲.yaml", 4, 5)
    assert loaded.positions["人员", "编制", "事业"] == Source("甲.yaml", 5, 15)
    assert loaded.keys["人员", "编制", "事业"] == Source("甲.yaml", 5, 11)


def test_the_place_of_what_is_not_there_is_that_of_what_it_would_stand_in():
    loaded = document("支出:\n  - {科目: 2080505}\n")
    assert loaded.positions.nearest(("支出", 0, "基本支出", "x")) == Source("甲.yaml", 2, 5)
    assert Document("乙.yaml", None, *[type(loaded.positions)("乙.yaml")] * 2, (), "").positions.nearest(
        ("支出",)
    ) == Source("乙.yaml")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_is_no_part_of_the_first_key(workspace, encoding):
    content = "金额单位: 万元\r\n收入: []\r\n".encode(encoding)
    loaded = read_yaml(workspace.write("甲.yaml", content), workspace.root)
    assert loaded.data == {"金额单位": "万元", "收入": []}
    assert loaded.positions["收入",] == Source("甲.yaml", 2, 5)
    assert loaded.findings == ()
    assert loaded.sha256 == hashlib.sha256(content).hexdigest()


def test_the_line_of_the_first_byte_that_is_not_utf_8_is_named(workspace):
    path = workspace.write("甲.yaml", b"a: 1\nb: 2\n" + "单位: 万元\n".encode("gbk"))
    assert [str(finding) for finding in read_yaml(path, workspace.root).findings] == [
        "甲.yaml:3: 错误：文件不是 UTF-8 编码，多半是 GBK（记事本称「ANSI」）；请用记事本或 WPS 打开，另存为 UTF-8 编码"
    ]


def test_a_picture_renamed_to_yaml_is_not_called_gbk(workspace):
    path = workspace.write("甲.yaml", b"\x89PNG\r\n\x1a\n\x00\xff\xff")
    assert [finding.message for finding in read_yaml(path, workspace.root).findings] == [
        "文件不是 UTF-8 编码，也可能不是文本文件；请用记事本或 WPS 打开，另存为 UTF-8 编码"
    ]


def test_a_file_too_large_is_not_read_and_its_size_is_said(workspace):
    path = workspace.write("甲.yaml", b"#" * (12 * 1024 * 1024 + 300 * 1024))
    loaded = read_yaml(path, workspace.root)
    assert [str(finding) for finding in loaded.findings] == [
        "甲.yaml: 错误：文件有 12.3 MB，最多 10 MB；请检查是否放错了文件"
    ]
    assert loaded.data is None


def test_a_missing_file_is_named_with_its_folder(workspace):
    assert read_yaml(workspace.root / "content" / "决算.yaml", workspace.root).findings == (
        Finding("缺少「决算.yaml」：请在 content 里建立这个文件", Source("content/决算.yaml")),
    )
    assert read_yaml(workspace.root / "没有" / "决算.yaml", workspace.root).findings == (
        Finding("缺少「决算.yaml」：文件夹 没有 也不存在；请先建立文件夹，再把文件放进去", Source("没有/决算.yaml")),
    )


@pytest.mark.parametrize("name", ["决算.yml", "决算.yaml.txt", "决算.txt"])
def test_a_file_with_nearly_the_right_name_is_to_be_renamed(workspace, name):
    workspace.write(name, "")
    assert [finding.message for finding in read_yaml(workspace.root / "决算.yaml", workspace.root).findings] == [
        f"缺少「决算.yaml」：工作文件夹 里有「{name}」；请把它改名为「决算.yaml」"
    ]


def test_a_file_that_need_not_be_there_is_empty_where_it_is_missing(workspace):
    loaded = read_yaml(workspace.root / "上年.yaml", workspace.root, required=False)
    assert (loaded.data, loaded.findings, loaded.sha256) == ({}, (), "")


def test_a_folder_in_the_place_of_a_file_is_told(workspace):
    (workspace.root / "决算.yaml").mkdir()
    assert [finding.message for finding in read_yaml(workspace.root / "决算.yaml", workspace.root).findings] == [
        "「决算.yaml」应是文件，却是文件夹；请改名或移走这个文件夹"
    ]


@pytest.mark.parametrize("way", ["../外面.yaml", "content/../../外面.yaml"])
def test_no_path_leaves_the_workspace(tmp_path, way):
    root = tmp_path / "工作"
    (root / "content").mkdir(parents=True)
    (tmp_path / "外面.yaml").write_text("a: 1\n", encoding="utf-8")
    loaded = read_yaml(root / way, root)
    assert loaded.data is None
    assert [finding.message for finding in loaded.findings] == [
        "「外面.yaml」不在工作文件夹之内，不能读取；请把文件放进工作文件夹"
    ]


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_that_leads_out_of_the_workspace_is_not_followed(tmp_path):
    root = tmp_path / "工作"
    root.mkdir()
    (tmp_path / "外面.yaml").write_text("a: 1\n", encoding="utf-8")
    (root / "甲.yaml").symlink_to(tmp_path / "外面.yaml")
    assert read_yaml(root / "甲.yaml", root).data is None


def test_slips_are_mended_so_that_one_run_names_all_and_the_values_are_read():
    loaded = document("金额单位：万元\n支出:\n  -科目: 2080505\n    基本支出：35.81\n结余分配:0\n")
    assert loaded.data == {"金额单位": "万元", "支出": [{"科目": "2080505", "基本支出": "35.81"}], "结余分配": "0"}
    places = [(finding.source.line, finding.source.column) for finding in loaded.findings]
    assert places == [(1, 5), (3, 3), (4, 9), (5, 5)]


def test_a_slip_does_not_hide_what_is_broken_further_down():
    loaded = document("金额单位：万元\n收入: [\n")
    assert loaded.data is None
    assert [finding.source for finding in loaded.findings] == [Source("甲.yaml", 1, 5), Source("甲.yaml", 3, 1)]


def test_a_full_width_colon_within_a_text_is_left_alone():
    loaded = document(
        "文本:\n  接待对象: 主要是：上级部门\n  说明: |\n    一是：甲\n    　二是：乙，丙\n"
        "  列: ['甲，乙', 丙]\n  括: （注）\n"
    )
    assert loaded.findings == ()
    assert loaded.data == {
        "文本": {
            "接待对象": "主要是：上级部门",
            "说明": "一是：甲\n　二是：乙，丙\n",
            "列": ["甲，乙", "丙"],
            "括": "（注）",
        }
    }


def test_thousands_that_yaml_divided_are_joined_and_told():
    loaded = document("{合计: -1,064,500.00, 甲: 1,000, 乙: 3, 丙: 12, 345: 6}")
    assert loaded.data == {"合计": "-1,064,500.00", "甲": "1,000", "乙": "3", "丙": "12", "345": "6"}
    assert [finding.message for finding in loaded.findings] == [
        "「合计」的数被逗号断开了：花括号里逗号分隔各项；请写作 -1064500.00，或加半角引号",
        "「甲」的数被逗号断开了：花括号里逗号分隔各项；请写作 1000，或加半角引号",
    ]


def test_many_references_cost_nothing():
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
    loaded = document(bomb)
    assert loaded.data["a0"] == ["x", "x"]
    assert loaded.data["a39"] == []
    assert all(finding.level is Level.ERROR for finding in loaded.findings)


def test_a_key_known_from_another_file_is_looked_at_where_the_file_is_not_plain():
    assert not document("甲: 1\n乙: {甲: 2}").findings
    for text in ("乙: {&a 甲: 2}", "乙:\n  甲: 1\n  !b 甲: 2", "乙: {甲: 2, 甲: 3}"):
        assert len(document(text).findings) >= 1, text


def test_without_libyaml_it_reads_the_same(monkeypatch):
    text = "金额单位：万元\n支出:\n  - {科目: 001, 基本支出: '1'}\n  - 科目: ~\n    备注: |\n      甲\n甲: [乙，丙]\n"
    fast = document(text)
    monkeypatch.setattr(yaml_values, "EventSource", yaml.SafeLoader)
    slow = document(text)
    assert (fast.data, fast.findings) == (slow.data, slow.findings)
    assert dict(fast.positions) == dict(slow.positions)
    broken = ["a: 'x", "a: [1", "{a: b", "a: @b", "a: b: c", "a:\n  b: 1\n c: 2", "a: |x\n b", 'a: "\\q"', "- a\nb: 1"]
    for text in broken:
        [finding] = document(text).findings
        assert "读不懂" not in finding.message


SIGNS = " \n\t-:：,，[]{}［］｛｝#＃&*!|>'\"%@`?~<.0123ab科目　\u00a0\x00\u2028\ufeff\\－"
YAMLISH = st.text(st.sampled_from(SIGNS), max_size=60)


@example("---")
@given(st.one_of(st.text(max_size=200), YAMLISH))
@settings(max_examples=600, deadline=None)
def test_whatever_stands_in_a_file_there_are_only_findings(text):
    loaded = document(text)
    assert loaded.data is not None or loaded.findings
    for finding in loaded.findings:
        assert finding.source.path == "甲.yaml"
        assert finding.source.line <= len(text.splitlines()) + 1


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_whatever_bytes_a_file_has_there_are_only_findings(tmp_path_factory, content):
    root = tmp_path_factory.getbasetemp()
    path = root / "字节.yaml"
    path.write_bytes(content)
    loaded = read_yaml(path, root)
    assert loaded.data is not None or loaded.findings


PLAIN = st.from_regex(r"[0-9A-Za-z一-龥.+/](?:[0-9A-Za-z一-龥.,+%/ -]{0,20}[0-9A-Za-z一-龥.%])?", fullmatch=True)


@given(st.lists(PLAIN, min_size=1))
@settings(max_examples=200, deadline=None)
def test_scalars_come_back_as_written(texts):
    loaded = document("".join(f"- {text}\n" for text in texts))
    assert loaded.data == texts
    assert loaded.findings == ()
