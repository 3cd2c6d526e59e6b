"""The sections 数字格式 and 措辞 of a style: what is refused, and how."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from builder.findings import InputError, Source
from builder.wording.house import Phrases
from builder.wording.numbers import NumberFormat
from builder.wording.wording import Wording

THREE = {"增加": "增加{差额}", "减少": "减少{差额}", "持平": "持平"}


def mistakes(sections: dict) -> list[tuple[tuple, str]]:
    with pytest.raises(ValidationError) as error:
        Phrases.model_validate(sections)
    return [(one["loc"], one["msg"]) for one in error.value.errors()]


def findings(sections: dict, formats: dict | None = None) -> list[str]:
    made = {name: NumberFormat.model_validate(record) for name, record in (formats or {}).items()}
    with pytest.raises(InputError) as error:
        Wording.of(made, Phrases.model_validate(sections))
    return [str(finding) for finding in error.value.findings]


def test_unknown_slot_names_those_allowed_and_stands_at_its_key():
    [(place, message)] = mistakes({"较上年": {"默认": {**THREE, "增加": "增加{净额}万元"}}})
    assert place == ("较上年", "默认", "增加")
    assert message.startswith("「增加」：这里不能用 {净额}；能用的空是 ")
    assert {"{差额}", "{率}", "{本年}", "{上年}", "{主语}", "{名称}", "{年度}", "{上年度}"} <= set(message.split())


def test_a_rate_of_a_zero_base_is_refused_when_the_style_is_read():
    [(place, message)] = mistakes({"较上年": {"默认": {**THREE, "从无到有": "增加{差额}，增长{率}%"}}})
    assert place == ("较上年", "默认", "从无到有")
    assert "要印「100%」，请直接写出来" in message


@pytest.mark.parametrize(
    ("group", "case", "text"),
    [
        ("较上年", "持平", "{增加或减少}"),
        ("较上年", "上年未知", "{差额}"),
        ("比较", "等于", "{大于或小于}"),
        ("比较", "预算未知", "{预算}"),
        ("完成预算", "完成", "{差额}"),
        ("占", "总数为零", "占{率}%"),
        ("原因", "待补充", "{原因}"),
        ("原因", "持平", "{增加或减少}"),
        ("列举", "整体", "{金额}"),
        ("列举", "项", "{列表}"),
    ],
)
def test_a_slot_that_has_no_meaning_in_a_case_is_refused(group, case, text):
    [(place, message)] = mistakes({group: {"默认": {case: text}}})
    assert place == (group, "默认", case)
    assert "这里不能用" in message


def test_all_mistakes_are_told_at_once():
    found = mistakes({"较上年": {"默认": {"增加": "{甲}", "减少": "{乙}", "增长": "x"}}, "占比": {}})
    assert [place for place, _ in found] == [
        ("较上年", "默认", "增加"),
        ("较上年", "默认", "减少"),
        ("较上年", "默认", "增长"),
        ("占比",),
    ]


@pytest.mark.parametrize("text", ["增加{差额", "增加差额}", "{{差额}}"])
def test_unpaired_brace(text):
    [(_, message)] = mistakes({"较上年": {"默认": {**THREE, "增加": text}}})
    assert "花括号不成对" in message


def test_unquoted_slot_that_yaml_takes_for_a_mapping():
    [(place, message)] = mistakes({"较上年": {"默认": {**THREE, "增加": {"主语": ""}}}})
    assert place == ("较上年", "默认", "增加")
    assert "加半角引号" in message


def test_full_width_braces_and_spaces_are_understood():
    wording = Wording.of({}, Phrases.model_validate({"较上年": {"默认": {**THREE, "增加": "增加｛ 差额 ｝万元"}}}))
    assert wording.change(Decimal(30000), Decimal(10000)) == "增加2.00万元"


def test_missing_cases_are_named():
    assert findings(
        {"较上年": {"默认": {"增加": "x"}}, "完成预算": {"默认": {"足额": "x"}}, "原因": {"默认": {"增加": "x"}}}
    ) == [
        "错误：措辞 › 较上年 › 默认：缺少 减少、持平 的写法；请补上，什么也不印时写一对引号 ''",
        "错误：措辞 › 完成预算 › 默认：缺少 完成 的写法；请补上，什么也不印时写一对引号 ''",
        "错误：措辞 › 原因 › 默认：缺少 减少 的写法；请补上，什么也不印时写一对引号 ''",
    ]


def test_unknown_format_and_parent_suggest_the_nearest():
    assert findings(
        {"较上年": {"项目": {**THREE, "金额": "明系"}, "三公": {"继承": "项"}, "合计": {"继承": "全"}}},
        {"明细": {}},
    ) == [
        "错误：措辞 › 较上年 › 项目 › 金额：数字格式里没有「明系」；是不是「明细」？",
        "错误：措辞 › 较上年 › 三公 › 继承：没有名为「项」的一组；是不是「项目」？",
        "错误：措辞 › 较上年 › 合计 › 继承：没有名为「全」的一组；现有：项目、三公、合计",
    ]


def test_inheritance_in_a_circle():
    found = findings({"较上年": {"甲": {"继承": "乙"}, "乙": {"继承": "甲"}}})
    assert found[0] == "错误：措辞 › 较上年 › 乙 › 继承：继承绕了一圈：甲 → 乙 → 甲；请去掉其中一处"


def test_difference_may_not_be_coarser_than_the_figures():
    for formats in ({"粗": {"位数": "1"}}, {"粗": {"单位": "元"}}):
        [message] = findings({"较上年": {"默认": {**THREE, "差额": "粗"}}}, formats)
        assert message.startswith("错误：措辞 › 较上年 › 默认 › 差额：差额的单位须与金额相同")


def test_findings_stand_where_the_caller_says():
    phrases = Phrases.model_validate({"占": {"默认": {"占": "占{率}%", "率": "整数率"}}})
    with pytest.raises(InputError) as error:
        Wording.of({}, phrases, lambda path: Source("templates/湖北/style.yaml", len(path)))
    assert str(error.value).startswith("templates/湖北/style.yaml:4: 错误：措辞 › 占 › 默认 › 率：")


def test_inherited_set_replaces_only_what_it_states():
    wording = Wording.of(
        {"整": NumberFormat(places=0)},
        Phrases.model_validate(
            {
                "较上年": {
                    "默认": {
                        "增加": "增加{差额}，增长{率}%",
                        "减少": "减少{差额}",
                        "持平": "持平",
                        "从无到有": "新增{差额}",
                    },
                    "项目": {"继承": "默认", "率": "整", "持平": ""},
                    "三公": {"继承": "项目", "增加": "多支{差额}（{率}%）"},
                }
            }
        ),
    )
    up, down, same, new = ((Decimal(a), Decimal(b)) for a, b in ((30000, 20000), (2, 30000), (1, 1), (30000, 0)))
    assert [wording.change(*pair, "项目") for pair in (up, down, same, new)] == [
        "增加1.00，增长50%",
        "减少3.00",
        "",
        "新增3.00",
    ]
    assert [wording.change(*pair, "三公") for pair in (up, down, same, new)] == [
        "多支1.00（50%）",
        "减少3.00",
        "",
        "新增3.00",
    ]
    assert wording.change(*up) == "增加1.00，增长50.00%"


def test_slot_that_the_part_must_fill():
    wording = Wording.of({}, Phrases.model_validate({"较上年": {"默认": {**THREE, "增加": "{主语}增加{差额}"}}}))
    figures = Decimal(20000), Decimal(10000)
    assert wording.change(*figures, 主语="收入", 年度=2022) == "收入增加1.00"
    with pytest.raises(InputError, match=r'措辞 › 较上年 › 默认 的写法要用到 \{主语\}.*请在标签里补上 主语="…"'):
        wording.change(*figures)
    with pytest.raises(InputError, match=r"标签给出了 \{主体\}，可由正文给出的空只有"):
        wording.change(*figures, 主体="收入")


def test_every_style_has_standard_formats_and_may_replace_them():
    plain, own = Wording.of({}, Phrases()), Wording.of({"默认": NumberFormat(places=4)}, Phrases())
    assert (plain.amount(Decimal(15000)), plain.rate(Decimal("14.985")), plain.count(1216)) == ("1.50", "14.99", "1216")
    assert own.amount(Decimal(15000)) == "1.5000"
    with pytest.raises(InputError, match=r"数字格式里没有「明细」.*现有：默认、百分比、整数"):
        plain.amount(Decimal(1), "明细")
