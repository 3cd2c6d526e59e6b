"""JSON Schemas of the workspace's YAML files, so that an editor completes keys, explains them and marks mistakes."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from builder.accounts.eliminations import EliminationsFile
from builder.accounts.facts import Facts, UnitCard
from builder.accounts.performance import Overall, Project, as_list
from builder.accounts.printed_forms import PRINTED, PrintedForm
from builder.accounts.values import OneOf
from builder.checks.own import ChecksFile
from builder.checks.rules import RULES
from builder.loading.files import LastYearFile, NotesFile, PagesFile, StatedFile, as_entry
from builder.style_sheet import StyleSheet

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of file: its name in lists, its model, which files it is (a glob from the workspace), what it is for.

    ``help`` says what its keys are for: by key, or by model and key where that differs. ``known`` are keys that an
    editor offers, and their meanings, under a key where a file may name others too.
    """

    name: str
    model: type[BaseModel]
    pattern: str
    purpose: str
    help: Mapping[str, str]
    known: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


HELP: Mapping[str, str] = {
    "金额单位": "本文件里金额的单位：元、千元或万元。按元填写时，程序按元汇总、最后才换算成万元",
    "科目": "功能分类科目代码，填到项级（7 位），如 2080505",
    "资金来源": "一般公共预算、政府性基金预算、国有资本经营预算或非财政拨款",
    "基本支出": "基本支出；分别填了人员经费和公用经费时不再填",
    "人员经费": "基本支出中的人员经费",
    "公用经费": "基本支出中的公用经费",
    "收入": "收入明细：每个项级科目一项，按来源填金额",
    "支出": "支出明细：每个项级科目和资金来源一项，按支出类型填金额",
    "其中教育收费": "事业收入中的教育收费",
    "基本支出经济分类": "一般公共预算财政拨款基本支出，按经济分类款级科目（5 位代码）填金额",
    "年初结转和结余": "年初结转和结余，按资金来源填；没有就写 []",
    "年末结转和结余": "年末结转和结余，按资金来源填；没有就写 []",
    "年初预算": "年初预算数",
    "全年预算": "全年预算数（调整后）",
    "决算": "决算数",
    "口径": "公用经费：等于一般公共预算基本支出的公用经费；单列：另填决算数；无：没有机关运行经费",
    "保有量": "年末公务用车保有量（辆）",
    "团组": "团组数（个）",
    "批次": "接待批次（个）",
    "人次": "人次",
    "授予中小企业": "授予中小企业的合同金额，含小微企业",
    "授予小微企业": "授予小微企业的合同金额",
    "StatedTable.表号": "印的表号与格式不同时，照印的写",
    "StatedTable.标题": "印的标题与格式不同时，照印的写",
    "StatedTable.编制单位": "印的编制单位不是本单位时，照印的写；没有印写 空白",
    "StatedRow.标签": "印的项目名称或科目名称与格式、科目表不同时，照印的写",
    "UnitCard.类型": "单位：只有本单位的账；部门：含所属单位的账",
    "风格": "公开格式的名称，即 templates 里文件夹的名称",
    "指标": "按指标名称填写，如 收入.合计、三公.公务接待费",
    "上年": "上年决算数；上年、增减、增减率只填一个",
    "增减": "本年比上年增加的数，减少写负数；上年、增减、增减率只填一个",
    "增减率": "本年比上年的增减百分数，如 14.99% 或 -3.2%；上年、增减、增减率只填一个",
    "原因": "按 指标 → 较上年或较预算 填写原因；与另一处相同写 {同: 指标/比较}",
    "同": "与哪一处的原因相同，写作 指标/比较，如 收支.总计/较上年",
    "文本": "格式里用到的其他短文字，按名称填写",
    "顺序": "排列的先后，数小的在前；不填按文件名",
    "调整预算": "调整后的预算数；没有调整不填",
    "执行率分值": "预算执行率的满分，一般为 20 分",
    "UnitCard.名称": "单位全称，印在封面和正文里",
    "UnitCard.简称": "单位简称；没有就用全称",
    "代码": "预算单位代码；以 0 开头时加引号",
    "UnitCard.主管部门": "主管部门的名称；没有不填",
    "UnitCard.部门": "账汇入哪个部门的决算：content 里那个部门的文件夹的名称；不汇总的不填",
    "UnitCard.性质": "单位性质，如 行政单位、参照公务员法管理事业单位",
    "UnitCard.科目": "地方自设、当年科目表里没有的科目：代码和名称",
    "一般公共预算财政拨款": "一般公共预算财政拨款收入",
    "政府性基金预算财政拨款": "政府性基金预算财政拨款收入",
    "国有资本经营预算财政拨款": "国有资本经营预算财政拨款收入",
    "上级补助收入": "主管部门和上级单位拨入的非财政补助收入",
    "事业收入": "开展专业业务活动及其辅助活动取得的收入，含其中的教育收费",
    "经营收入": "专业业务活动之外非独立核算的经营活动取得的收入",
    "附属单位上缴收入": "附属独立核算单位上缴的收入",
    "其他收入": "以上各项之外的收入",
    "项目支出": "为完成特定任务发生的支出",
    "上缴上级支出": "按规定上缴上级单位的支出；资金来源是非财政拨款",
    "经营支出": "经营活动发生的支出；资金来源是非财政拨款",
    "对附属单位补助支出": "用非财政拨款对附属单位的补助；资金来源是非财政拨款",
    "使用非财政拨款结余": "使用以前年度的非财政拨款结余弥补当年收支差额的数；没有不填",
    "结余分配": "按规定提取的基金和缴纳的所得税等；没有不填",
    "CarryOverLine.类型": "基本支出或项目支出；可以不填",
    "CarryOverLine.金额": "结转和结余的金额",
    "BudgetLine.金额": "预算合计数；分得出基本支出、项目支出时填那两栏，不填这一栏",
    "三公经费": "“三公”经费，只填一般公共预算财政拨款安排的",
    "会议费": "会议费的预算数、决算数和次数、人次",
    "培训费": "培训费的预算数、决算数和次数、人次",
    "机关运行经费": "行政单位和参公单位的机关运行经费",
    "因公出国境费": "因公出国（境）费",
    "公务用车购置费": "公务用车购置费",
    "公务用车运行维护费": "公务用车运行维护费",
    "公务接待费": "公务接待费，含外宾接待",
    "购置数": "当年购置公务用车的数量（辆）",
    "次数": "会议、培训的次数（次）",
    "国内": "国内公务接待的批次和人次",
    "外宾": "外宾接待的决算数、批次和人次，已含在公务接待费里",
    "政府采购": "政府采购支出，分货物、工程、服务",
    "货物": "政府采购货物",
    "工程": "政府采购工程",
    "服务": "政府采购服务",
    "Purchase.支出": "采购支出金额",
    "国有资产": "年末国有资产占用：车辆、设备的数量，名称由格式规定",
    "车辆": "年末车辆（辆），按用途分",
    "设备": "年末大型设备（台、套），按单位价值分",
    "Assets.当年购置": "当年购置的车辆、设备数量",
    "人员": "编制数和实有人数，名称照本单位的说法写",
    "编制": "编制数（名），如 行政编制、事业编制",
    "在职": "年末在职人数（人）",
    "编外": "年末编外人数（人），如 聘用人员",
    "离退休": "年末由单位管理的离退休人数（人）",
    "机构": "内设机构，以及纳入决算的单位",
    "内设机构": "内设机构的名称；程序数出个数",
    "内设机构数": "只说个数、不列名称时填",
    "决算单位": "纳入本部门决算的单位；只有本单位时不填",
    "IncludedUnit.名称": "单位名称",
    "IncludedUnit.性质": "单位性质",
    "在职人数": "年末在职人数（人）",
    "ReasonEntry.文字": "原因的文字，不写「主要原因是」，末尾不写句号",
    "Project.项目名称": "项目的名称；各个项目不能相同",
    "Project.简称": "正文里用的简称；没有就用项目名称",
    "Project.主管部门": "印在自评表上的主管部门",
    "项目实施单位": "印在自评表上的实施单位",
    "项目类别": "自评表上打勾的词，一个或几个，如 部门预算项目",
    "项目属性": "自评表上打勾的词，如 持续性项目",
    "项目类型": "自评表上打勾的词，如 常年性项目",
    "执行数": "项目的全年执行数",
    "绩效指标": "自评表的各行：三级指标、目标值、完成值、分值和得分",
    "一级指标": "如 产出指标；上下相同的合并单元格",
    "二级指标": "如 数量指标",
    "三级指标": "具体的指标",
    "年初目标值": "目标值，照写，不计算",
    "实际完成值": "完成值，照写，不计算",
    "Target.分值": "满分",
    "Target.得分": "自评得分",
    "偏差原因分析": "印在自评表末尾",
    "改进措施及结果应用": "印在自评表末尾",
    "主要产出和效益": "印在正文里",
    "发现的问题及原因": "印在正文里",
    "下一步改进措施": "印在正文里",
    "自评得分": "整体支出绩效自评得分（分）",
    "抵消": "所属单位之间的每一笔往来：付出的支出，收到的收入，两边相等",
    "Elimination.说明": "这笔往来是什么",
    "Elimination.支出": "付出单位的支出，栏目同 决算.yaml 的「支出」",
    "Elimination.收入": "收到单位的收入，栏目同 决算.yaml 的「收入」",
    "EliminatedExpenditure.单位": "付出的单位：content 里文件夹的名称",
    "EliminatedRevenue.单位": "收到的单位：content 里文件夹的名称",
    "经济分类": "抵消一般公共预算基本支出时，它的经济分类款级代码",
    "正文": "量页码时正文的校验值，由程序写入",
    "页码": "各标题的页码，由程序写入",
}
"""Key of the content files → what it is for, as an editor shows it."""

PRINTED_HELP: Mapping[str, str] = {
    "表": f"写 {PRINTED}",
    "顺序": "排列的先后，数小的在前；不填按文件名",
    "金额单位": "资金各行的单位：元、千元或万元",
    "标题": "表头印的标题",
    "项目名称": "项目的名称；整体自评表写单位的名称",
    "年度": "表上印的年度",
    "资金": "资金各行，照表上的次序",
    "层": "0 是总额，1 是它下面的「其中」，依此类推",
    "执行率分值": "预算执行率的分值单独印出时填",
    "目标": "完成比例单独列表、不评分的绩效目标",
    "指标": "评分的各行；合并的一级、二级每行都写",
    "一级权重": "一级指标印有权重时填",
    "等级标准": "印在表上的等级划分，如 优（S≥90）、良（90>S≥80）",
    "文字": "其他长文字，只核对文字",
}
"""Key of a printed form → what it is for."""

CHECKS_HELP: Mapping[str, str] = {
    "规则": "格式自己的勾稽关系，一项一条",
    "编号": "不与别的规则相同；juesuan check --format json 里的 rule 就是它",
    "DeclaredRule.标题": "不成立时印出的名称，如 公用经费不超过基本支出的三成",
    "DeclaredRule.说明": "不成立时印出的解释；不写就用标题",
    "DeclaredRule.级别": "错误（不能生成）、警告或提示；不写就是警告",
    "公式": "两个公式，中间写 =、≤ 或 ≥，如 公用经费.合计 ≤ 基本支出.合计 × 0.3；尾差不算错",
    "ChecksFile.级别": "改别的规则（程序自带的、继承来的）的级别：编号: 错误、警告或提示",
}
"""Key of ``checks.yaml`` → what it is for."""

KINDS: tuple[FileKind, ...] = (
    FileKind("单位", UnitCard, "content/*/单位.yaml", "单位的基本信息，各年通用", HELP),
    FileKind("决算", Facts, "content/*/*/决算.yaml", "一个单位一个年度的决算事实；合计、增减由程序计算", HELP),
    FileKind("抵消", EliminationsFile, "content/*/*/抵消.yaml", "部门所属单位之间的往来，汇总时抵消", HELP),
    FileKind("公开表", StatedFile, "content/*/*/公开表.yaml", "财政系统或印本的表内数，用来核对", HELP),
    FileKind("上年", LastYearFile, "content/*/*/上年.yaml", "上年决算的指标值；上年用本程序编制过就不需要", HELP),
    FileKind("说明", NotesFile, "content/*/*/说明.yaml", "增减变动的原因和其他短文字", HELP),
    FileKind("绩效", Project, "content/*/*/绩效/*.yaml", "一个项目的预算、执行和绩效自评", HELP),
    FileKind("整体", Overall, "content/*/*/绩效/整体.yaml", "整体支出绩效自评", HELP),
    FileKind(PRINTED, PrintedForm, "content/*/*/绩效/公开*.yaml", "一张印出的绩效自评表，照抄，用来核对", PRINTED_HELP),
    FileKind("页码", PagesFile, "content/*/*/页码.yaml", "目录的页码，由程序写入", HELP),
    FileKind("风格", StyleSheet, "templates/*/style.yaml", "一种公开格式：取数、指标、数字格式和措辞", {}),
    FileKind(
        "勾稽", ChecksFile, "templates/*/checks.yaml", "格式自己的勾稽关系，和各条规则的级别", CHECKS_HELP,
        {"级别": {rule.id: f"{rule.title}（不写就是{rule.severity}）" for rule in RULES}},
    ),
)
"""Every kind of file; of two patterns that match one file the later is meant."""

TEXT_TYPES = ["string", "number", "boolean"]
"""What a plain text may look like to an editor: 001 and 1998 are numbers to YAML, and texts here."""


def json_schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema (draft 2020-12) of every kind of file, by the kind's name."""
    return {kind.name: json_schema(kind) for kind in KINDS}


def json_schema(kind: FileKind) -> dict[str, Any]:
    """Return the JSON Schema of one kind of file."""
    schema = kind.model.model_json_schema(by_alias=True, schema_generator=_Generator)
    _localise(schema, kind.help)
    for name, known in kind.known.items():
        free = schema["properties"][name]
        values = free["additionalProperties"]
        free["properties"] = {key: {**values, "title": key, "description": meaning} for key, meaning in known.items()}
    return {"$schema": DIALECT, **schema, "title": kind.name, "description": kind.purpose}


class _Generator(GenerateJsonSchema):
    """Knows what the validators of the models accept besides the types they return."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        function: object = schema["function"]["function"]
        inner = super().function_before_schema(schema)
        if isinstance(function, OneOf):
            return {"enum": list(function.allowed)}
        if function in {as_list, as_entry}:
            return {"anyOf": [{"type": "string"}, inner]}
        return inner

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """List the keys of a mapping that admits only some words."""
        keys = self.generate_inner(schema["keys_schema"]) if "keys_schema" in schema else {}
        if "enum" not in keys:
            return super().dict_schema(schema)
        values = self.generate_inner(schema["values_schema"]) if "values_schema" in schema else {}
        named = {key: copy.deepcopy(values) for key in keys["enum"]}
        return {"type": "object", "properties": named, "additionalProperties": False}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Leave defaults out: an editor would type them in, and a fact that is not given is better absent."""
        return self.generate_inner(schema["schema"])

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """Leave null out: a key that is optional is absent."""
        return self.generate_inner(schema["schema"])


def _localise(node: object, words: Mapping[str, str]) -> None:
    """Take English titles and descriptions (of code) out of a schema and put Chinese ones in; admit bare numbers."""
    if isinstance(node, list):
        for item in node:
            _localise(item, words)
    elif isinstance(node, dict):
        if "properties" in node:
            _explain(node, words)
        elif node.get("type") == "string":
            node["type"] = list(TEXT_TYPES)
            if not node.pop("minLength", 0):
                node["type"].append("null")
        for key, value in node.items():
            if key != "propertyNames":  # keys are always texts
                _localise(value, words)


def _explain(record: JsonSchemaValue, words: Mapping[str, str]) -> None:
    """Give the keys of a record their titles and what they are for."""
    model = record.pop("title", "")
    record.pop("description", None)
    for key, value in record["properties"].items():
        value["title"] = key
        value.pop("description", None)
        purpose = words.get(f"{model}.{key}") or words.get(key)
        if purpose:
            value["description"] = purpose
