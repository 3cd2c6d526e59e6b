"""``juesuan new``: files that load as they are, explain every key and ask for what the form asks for."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel
from workspaces import ROOT, UNIT, CommandLine

from builder.asking import asked_by
from builder.loading.unit import load_year
from builder.scaffolding.explaining import keys_of, purpose_of
from builder.schema import KINDS
from builder.style import load_style
from builder.workspace import Workspace

NEW, YEAR = "云溪市江南街道办事处", "2022"
STYLES = [name for name in Workspace(ROOT).styles() if load_style(Workspace(ROOT), name).parts]
SCAFFOLDED = [kind for kind in KINDS if kind.name in {"单位", "决算", "上年", "说明", "绩效", "整体"}]


def enabled(text: str) -> str:
    """Do what the files say: take ``# `` away from the lines that show how it is done, and [] and {} before them."""
    shown = re.compile(r"^# (?=[^#])", re.MULTILINE)
    return shown.sub("", re.sub(r"^(\S+): (?:\[\]|\{\})\n(?=(?:##.*\n)*# )", r"\1:\n", text, flags=re.MULTILINE))


def keys(model: type[BaseModel]) -> set[tuple[type[BaseModel], str]]:
    return {(model, key) for key, _ in keys_of(model)}.union(*(keys(inner) for _, inner in keys_of(model) if inner))


@pytest.mark.parametrize("kind", SCAFFOLDED, ids=lambda kind: kind.name)
def test_every_key_of_the_schema_is_explained_in_chinese(kind) -> None:
    for model, key in keys(kind.model):
        assert re.search("[一-龥]{2}", purpose_of(model, key)), (model, key)


@pytest.mark.parametrize("style", STYLES)
def test_fresh_files_make_a_draft_and_a_release_says_what_is_missing(
    root: Path, juesuan: CommandLine, style: str
) -> None:
    assert juesuan("new", NEW, YEAR, "--style", style, "--department", "云溪市人民政府").status == 0
    draft = juesuan("build", NEW, "--draft")
    assert draft.status == 0, draft.err
    assert "已生成" in draft.out
    assert "缺少「职责」" in draft.err
    assert "收入和支出都没有数" in draft.err
    release = juesuan("build", NEW)
    assert release.status == 1
    assert "缺少「职责」" in release.err
    assert not list((root / "output").rglob(f"*{NEW}*决算.docx"))
    assert yaml.safe_load((root / "content" / NEW / "单位.yaml").read_text("utf-8")) == {
        "名称": NEW, "主管部门": "云溪市人民政府", "类型": "单位", "风格": style,
    }  # fmt: skip


@pytest.mark.parametrize("style", STYLES)
def test_each_line_that_shows_how_it_is_done_can_be_used(root: Path, juesuan: CommandLine, style: str) -> None:
    juesuan("new", NEW, YEAR, "--style", style)
    folder = root / "content" / NEW
    for path in [*folder.glob("*.yaml"), *folder.glob("*/*.yaml"), *folder.glob("*/绩效/*.yaml")]:
        path.with_name(path.name.removeprefix("_")).write_text(enabled(path.read_text("utf-8")), "utf-8")
    loaded = load_year(root, NEW, int(YEAR))
    facts = yaml.safe_load((folder / YEAR / "决算.yaml").read_text("utf-8"))
    asked = asked_by(Workspace(root), load_style(Workspace(root), style))
    assert {"收入", "支出", "基本支出经济分类", "年初结转和结余", "年末结转和结余", "三公经费"} <= set(facts)
    some = {"会议费", "政府采购", "人员"}
    assert set(facts) & some == asked.words & some
    assert {book for book in ("年初预算", "全年预算") if book in facts} == asked.budgets
    assert set(loaded.last_year) == set(asked.last_year)
    assert {key for key in loaded.reasons if key in asked.reasons} == set(asked.reasons)
    assert set(asked.texts) <= set(loaded.texts)
    if style == "陕西":
        assert {form.data["表"] for form in loaded.forms if isinstance(form.data, dict)} == {
            "项目绩效目标自评表", "部门整体支出绩效自评表"
        }  # fmt: skip


def test_a_section_says_what_its_keys_mean_and_where_the_figures_stand(root: Path, juesuan: CommandLine) -> None:
    juesuan("new", NEW, YEAR, "--style", "陕西")
    text = (root / "content" / NEW / YEAR / "决算.yaml").read_text("utf-8")
    for line in (
        "##   决算报表：收入决算表（财决03表）", "##   其中教育收费：", "##   对附属单位补助支出：",
        "##     购置数：当年购置公务用车的数量（辆）", "## 培训费：",
        "##   决算报表：一般公共预算财政拨款基本支出决算明细表（财决08-1表）",
    ):  # fmt: skip
        assert f"\n{line}" in text, line
    assert "## 这种格式不用：年初预算" in text


def test_what_the_form_asks_for_stands_with_its_heading(root: Path, juesuan: CommandLine) -> None:
    juesuan("new", NEW, YEAR, "--style", "湖北")
    folder = root / "content" / NEW / YEAR
    notes, last_year = ((folder / name).read_text("utf-8") for name in ("说明.yaml", "上年.yaml"))
    assert "## 十、机关运行经费支出说明\n#   机关运行经费.决算:\n#     较上年: 原因文字\n" in notes
    assert "#   接待对象: 文字" in notes
    assert "## 二、收入决算情况说明；" in last_year
    assert "#   收支.总计: {上年: 0.00}" in last_year
    assert {path.stem for path in folder.glob("*.md")} == {
        "职责", "绩效管理工作", "绩效结果应用", "绩效结果拟应用", "自评完成目标", "自评存在问题", "自评改进措施",
    }  # fmt: skip


def test_nothing_is_overwritten_and_only_what_lacks_is_written(root: Path, juesuan: CommandLine) -> None:
    juesuan("new", NEW, YEAR, "--style", "湖北")
    folder = root / "content" / NEW
    kept = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    again = juesuan("new", NEW, YEAR)
    assert again.status == 0
    assert "没有新建文件" in again.out + again.err
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == kept
    own = folder / YEAR / "决算.yaml"
    own.write_text("金额单位: 元\n收入: []\n支出: []\n", "utf-8")
    (folder / YEAR / "说明.yaml").unlink()
    third = juesuan("new", NEW, YEAR)
    assert f"已新建 content/{NEW}/2022/说明.yaml" in third.out
    assert "2022/决算.yaml" in third.out + third.err
    assert own.read_text("utf-8") == "金额单位: 元\n收入: []\n支出: []\n"


def test_last_year_is_carried_forward_without_its_figures(root: Path, juesuan: CommandLine) -> None:
    done = juesuan("new", UNIT, "2023")
    assert done.status == 0, done.err
    folder = root / "content" / UNIT / "2023"
    assert not (folder / "上年.yaml").exists()
    text = (folder / "决算.yaml").read_text("utf-8")
    facts = yaml.safe_load(text)
    assert facts["收入"] == facts["支出"] == []
    assert "#   - {科目: 2299999, 资金来源: 非财政拨款, 基本支出: }  ## 其他支出\n" in text
    assert "#   30239:  ## 其他交通费用\n" in text
    assert "690.14" not in text
    assert "照抄 2022 年度" in text
    before, after = (load_year(root, UNIT, year).facts for year in (2022, 2023))
    assert after.staffing == before.staffing
    assert after.organisation == before.organisation
    assert "#   接待对象: 省医疗保障部门和省内其他市州医疗保障部门\n" in (folder / "说明.yaml").read_text("utf-8")
    frame = yaml.safe_load((folder / "绩效" / "_1基本医疗经办.yaml").read_text("utf-8"))
    assert frame["项目名称"] == "基本医疗（含生育）业务经办管理"
    assert "执行数" not in frame
    assert set(frame["绩效指标"][0]) == {"一级指标", "二级指标", "三级指标", "年初目标值", "分值"}


def test_last_years_text_is_marked_and_keeps_a_release_back(root: Path, juesuan: CommandLine) -> None:
    juesuan("new", UNIT, "2023")
    text = (root / "content" / UNIT / "2023" / "职责.md").read_text("utf-8")
    old = (root / "content" / UNIT / "2022" / "职责.md").read_text("utf-8")
    mark, _, rest = text.partition("\n\n")
    assert mark == "【待补充：以下照抄 2022 年度的「职责」，改成 2023 年度的以后删去这一行】"
    assert rest.strip() == old.strip()
    assert juesuan("build", UNIT, "--year", "2023", "--draft").status == 0
    release = juesuan("build", UNIT, "--year", "2023")
    assert release.status == 1
    assert f"content/{UNIT}/2023/职责.md:1: 错误：「职责」里还有【待补充" in release.err


@pytest.mark.parametrize(("words", "said"), [
    ((NEW, YEAR), "可选：厦门、宁德、河南、湖北、福建、陕西"),
    ((NEW, YEAR, "--style", "通用"), "只供别的格式继承"),
    ((NEW, YEAR, "--style", "湖南"), "没有叫「湖南」的风格"),
    (("甲/乙", YEAR, "--style", "湖北"), "不能作文件夹的名称"),
    ((NEW, "22", "--style", "湖北"), "请写四位数字"),
    ((UNIT, "2023", "--style", "陕西"), "这里写的风格是「湖北」，命令里写的是「陕西」"),
])  # fmt: skip
def test_what_cannot_be_made_is_said_and_nothing_is_written(
    root: Path, juesuan: CommandLine, words: tuple[str, ...], said: str
) -> None:
    before = set((root / "content").rglob("*"))
    done = juesuan("new", *words)
    assert done.status == 1
    assert said in done.err
    assert set((root / "content").rglob("*")) == before


def test_a_refusing_disk_leaves_nothing_half_written(
    root: Path, juesuan: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    done = juesuan("new", NEW, YEAR, "--style", "湖北")
    assert done.status == 1
    assert "磁盘已满" in done.err
    assert not (root / "content" / NEW).exists()
