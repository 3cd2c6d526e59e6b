"""The JSON Schemas for editors: every key is there, explained in Chinese, and nothing of the code shows."""

from __future__ import annotations

import json
import re

import pytest

from builder.schema import KINDS, json_schemas

SCHEMAS = json_schemas()


def records(node: object):
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            yield node
        for value in node.values():
            yield from records(value)
    elif isinstance(node, list):
        for value in node:
            yield from records(value)


def test_there_is_one_for_every_kind_of_file():
    assert list(SCHEMAS) == [kind.name for kind in KINDS]
    assert {"单位", "决算", "公开表", "上年", "说明", "绩效", "整体", "风格"} <= set(SCHEMAS)


@pytest.mark.parametrize("name", SCHEMAS)
def test_it_is_complete_in_chinese(name):
    schema = SCHEMAS[name]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == name
    for record in records(schema):
        for key, value in record["properties"].items():
            assert re.search("[一-龥]", key)
            assert value["title"] == key
            assert re.search("[一-龥]", value.get("description", "中"))
    for text in re.findall(r'"description": "(.*?)"', json.dumps(schema, ensure_ascii=False)):
        assert re.search("[一-龥]", text), text


def test_keys_are_closed_amounts_may_be_numbers_and_words_are_listed():
    schema = SCHEMAS["决算"]
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["金额单位", "收入", "支出"]
    assert schema["properties"]["金额单位"]["enum"] == ["元", "千元", "万元"]
    line = schema["$defs"]["ExpenditureLine"]["properties"]
    assert line["基本支出"]["type"] == ["string", "number"]
    assert line["资金来源"]["enum"] == ["一般公共预算", "政府性基金预算", "国有资本经营预算", "非财政拨款"]
    assert schema["properties"]["基本支出经济分类"]["patternProperties"] == {
        "^[0-9]{3}(?:[0-9]{2}){0,2}$": {"type": ["string", "number"]}
    }


def test_a_reason_is_a_text_or_a_reference_under_a_known_comparison():
    reasons = SCHEMAS["说明"]["properties"]["原因"]["additionalProperties"]
    assert list(reasons["properties"]) == ["较上年", "较预算"]
    assert reasons["additionalProperties"] is False
    text, reference = reasons["properties"]["较上年"]["anyOf"]
    assert "string" in text["type"]
    assert reference == {"$ref": "#/$defs/ReasonEntry"}


def test_stated_tables_hold_rows_that_hold_amounts():
    tables, rows = (SCHEMAS["公开表"]["$defs"][name] for name in ("StatedTable", "StatedRow"))
    assert SCHEMAS["公开表"]["additionalProperties"] == {"$ref": "#/$defs/StatedTable"}
    assert tables["additionalProperties"] == {"$ref": "#/$defs/StatedRow"}
    assert list(tables["properties"]) == ["表号", "标题", "编制单位"]
    assert rows["additionalProperties"] == {"type": ["string", "number"]}


def test_the_severity_of_every_rule_is_offered_and_own_rules_are_admitted():
    schema = SCHEMAS["勾稽"]
    severities = schema["properties"]["级别"]
    assert severities["properties"]["总表平衡"]["enum"] == ["错误", "警告", "提示"]
    assert severities["properties"]["总表平衡"]["description"] == "总表左右两边相等（不写就是警告）"
    assert severities["additionalProperties"]["enum"] == ["错误", "警告", "提示"]
    assert schema["$defs"]["DeclaredRule"]["required"] == ["编号", "标题", "公式"]
