"""What was corrected as the public reads it: subjects by name, amounts with their unit, nothing of files and paths."""

from __future__ import annotations

import pytest
from workspaces import ROOT

from builder.findings import Source
from builder.loading.subjects import load_subjects
from builder.releases.facts import InputChange, Kind
from builder.releases.public_words import PublicWords
from builder.releases.states import State

YEAR = 2021
FOLDER = f"content/某单位/{YEAR}"
FILES = {f"{FOLDER}/决算.yaml": "金额单位: 元\n".encode(), f"{FOLDER}/上年.yaml": b""}


@pytest.mark.parametrize(
    ("file", "where", "old", "new", "told"),
    [
        ("决算.yaml", ("支出", "科目 2101501、资金来源 一般公共预算", "人员经费"), "388.40", "378.40",
         "支出“行政运行”（2101501，一般公共预算）的人员经费由388.40元更正为378.40元"),
        ("决算.yaml", ("基本支出经济分类", "30101"), "105.54", "95.54",
         "基本支出经济分类“基本工资”（30101）由105.54元更正为95.54元"),
        ("决算.yaml", ("三公经费", "公务接待费", "全年预算"), "6", "7.50",
         "“三公”经费公务接待费的全年预算由6元更正为7.50元"),
        ("决算.yaml", ("三公经费", "公务接待费", "国内", "批次"), "69", "70",
         "“三公”经费公务接待费国内的批次由69更正为70"),
        ("决算.yaml", ("支出", "科目 2101501"), None, "{科目: 2101501, 人员经费: 1.00}",
         "补充漏填的支出“行政运行”（2101501）"),
        ("决算.yaml", ("机构", "决算单位", "名称 甲局"), "{名称: 甲局}", None, "删去误填的机构决算单位“甲局”"),
        ("上年.yaml", ("指标", "一般公共预算支出.2101501", "上年"), "2412.70", "2712.70",
         "一般公共预算支出“行政运行”（2101501）的上年决算数由2412.70万元更正为2712.70万元"),
        ("上年.yaml", ("指标", "三公.公务用车", "增减率"), "-15.59%", "-15.60%",
         "“三公”经费公务用车的比上年的增减率由-15.59%更正为-15.60%"),
        ("说明.yaml", ("原因", "收入.合计", "较上年"), "人员增加", "人员减少", "文字更正"),
    ],
)
def test_facts(file: str, where: tuple[str, ...], old: str | None, new: str | None, told: str) -> None:
    subjects, _notes = load_subjects(ROOT, YEAR)
    state = State("某单位", YEAR, "1", FILES)
    change = InputChange(Kind.FACT, f"{FOLDER}/{file}", where, old, new, Source(file))
    assert PublicWords(subjects, state).told(change) == told
