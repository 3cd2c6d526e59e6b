"""What ``style.yaml`` may hold, as typed models; the YAML keys are the aliases."""

from __future__ import annotations

from pydantic import Field

from builder.accounts.forms import Fields
from builder.accounts.performance import Words
from builder.accounts.values import Model, Number, Text, YesNo
from builder.accounts.views import TableSpec
from builder.wording.house import Phrases
from builder.wording.numbers import NumberFormat


class ChartSpec(Model):
    """The data of one chart: categories and one list of figures a series, or a table's rows and a column a series."""

    categories: list[Text] = Field(default_factory=list, alias="类别")
    rows: str = Field("", alias="各行")
    series: dict[Text, Words] = Field(alias="系列")
    skip_zero: YesNo = Field(False, alias="略去零")
    unit: Text = Field("默认", alias="数字格式")


class BlockStyleNames(Model):
    """The paragraph and table styles (by their names in Word) that long texts take."""

    paragraph: Text = Field("正文", alias="段落")
    headings: Words = Field(default_factory=list, alias="标题")
    list_item: str = Field("", alias="列表")
    table: str = Field("", alias="表格")
    table_header: str = Field("", alias="表头")
    table_cell: str = Field("", alias="表格文字")


class ExtraDocument(Model):
    """A document that is published apart (“三公” alone): its title and its parts, with the same names and tables."""

    title: Text = Field(alias="标题")
    parts: Words = Field(alias="部件")


class StyleSheet(Model):
    """``style.yaml``."""

    name: Text = Field(alias="名称")
    inherits: str = Field("", alias="继承")
    base: Text = Field("样式.docx", alias="样式")
    parts: Words = Field(default_factory=list, alias="部件")
    title: Text = Field("{单位}{年度}年度部门决算", alias="标题")
    extra: list[ExtraDocument] = Field(default_factory=list, alias="另出")
    own_name: dict[Text, Text] = Field(default_factory=lambda: {"单位": "本单位", "部门": "本部门"}, alias="自称")
    tables: dict[Text, TableSpec] = Field(alias="公开表")
    indicators: dict[Text, Text] = Field(default_factory=dict, alias="指标")
    composition: dict[Text, Words] = Field(default_factory=dict, alias="组成")
    equal: list[Words] = Field(default_factory=list, alias="应相等")
    zero_unless_given: Words = Field(default_factory=list, alias="缺省为零")
    forms: dict[Text, Fields] = Field(default_factory=dict, alias="绩效表")
    grades: dict[Text, dict[Text, Number]] = Field(default_factory=dict, alias="等级")
    terms: dict[Text, Text] = Field(default_factory=dict, alias="名词")
    glossary: Words = Field(default_factory=list, alias="名词解释")
    charts: dict[Text, ChartSpec] = Field(default_factory=dict, alias="图表")
    number_formats: dict[Text, NumberFormat] = Field(default_factory=dict, alias="数字格式")
    phrases: Phrases = Field(default_factory=Phrases, alias="措辞")
    block_styles: BlockStyleNames = Field(default_factory=BlockStyleNames, alias="长文样式")
