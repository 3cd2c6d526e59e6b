"""What the smaller files of a unit-year may hold: 公开表, 上年, 说明, 页码. Keys are Chinese, amounts in 元 inside."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, PlainValidator, ValidationInfo, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from builder.accounts.money import AmountUnit
from builder.accounts.statements import StatedText, StatedWords
from builder.accounts.values import AMOUNT, Model, Text, Unit, one_of, parse_amount, parse_number

from .document import Positions

COMPARISONS = ("较上年", "较预算")
"""What a reason of ``说明.yaml`` may be about."""

BLANK = "空白"
"""How ``公开表.yaml`` writes a cell where nothing is printed."""

GIVEN = {"last_year": "上年", "change": "增减", "rate": "增减率"}
"""Field of a last-year entry → its key."""


def parse_rate(text: object) -> Decimal:
    """Read a percentage with its sign (``14.99%``) and return it in %. Raises ``rate``."""
    if not isinstance(text, str) or not text.endswith(("%", "％")) or not AMOUNT.fullmatch(text[:-1].strip()):
        raise PydanticCustomError("rate", "{found}", {"found": text})
    return Decimal(text[:-1].strip().replace(",", ""))


def parse_both(text: object, info: ValidationInfo) -> tuple[Decimal, Decimal]:
    """Read a number that may be an amount or a count: (元 by the file's unit, as written). Raises as an amount."""
    return parse_amount(text, info), parse_number(text)


def parse_stated(text: object, info: ValidationInfo) -> Decimal | None:
    """Read a stated amount; None for a cell that is printed blank. Raises as an amount."""
    return None if text == BLANK else parse_amount(text, info)


def as_entry(value: object) -> object:
    """Accept a bare text where a reason may also refer to another (``{同: 指标/比较}``)."""
    return {"文字": value} if isinstance(value, str) else value


NUMERIC: dict[str, Any] = {"type": ["string", "number"]}
StatedAmount = Annotated[Decimal | None, PlainValidator(parse_stated), WithJsonSchema(NUMERIC)]
Rate = Annotated[Decimal, PlainValidator(parse_rate), WithJsonSchema({"type": "string"})]
Both = Annotated[tuple[Decimal, Decimal], PlainValidator(parse_both), WithJsonSchema(NUMERIC)]
Comparison = Annotated[str, one_of(*COMPARISONS)]


class StatedRow(Model):
    """A row of ``公开表.yaml``: amounts (元; None where the print is blank) by column, and a label not the form's."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[Text, StatedAmount] = Field(init=False)

    label: Text | None = Field(None, alias="标签")

    @property
    def cells(self) -> dict[str, Decimal | None]:
        """Column → amount."""
        return self.__pydantic_extra__ or {}


class StatedTable(Model):
    """A table of ``公开表.yaml``: its rows, and a 表号, title or unit's name that is not the right one."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[Text, StatedRow] = Field(init=False)

    code: Text | None = Field(None, alias="表号")
    title: Text | None = Field(None, alias="标题")
    owner: Text | None = Field(None, alias="编制单位")

    @property
    def rows(self) -> dict[str, StatedRow]:
        """Row by 科目 or name."""
        return self.__pydantic_extra__ or {}

    def words(self, name: str, place: Positions) -> StatedWords:
        """Return the words that are not the form's; ``place`` says where things stand in the file."""
        labels = {key: row.label for key, row in self.rows.items() if row.label}
        return StatedWords(
            StatedText(self.code, place[name, "表号"]) if self.code else None,
            StatedText(self.title, place[name, "标题"]) if self.title else None,
            StatedText(self.owner, place[name, "编制单位"]) if self.owner else None,
            {key: StatedText(label, place[name, key, "标签"]) for key, label in labels.items()},
        )


class StatedFile(Model):
    """``公开表.yaml``: stated values (元) by table, row and column."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[Text, StatedTable] = Field(init=False)

    unit: Unit = Field(AmountUnit.WAN, alias="金额单位")

    @property
    def tables(self) -> dict[str, StatedTable]:
        """Table by name."""
        return self.__pydantic_extra__ or {}


class LastYearEntry(Model):
    """A last-year figure: 上年 itself, or 增减 or 增减率 (%) against this year's; exactly one of them."""

    last_year: Both | None = Field(None, alias="上年")
    change: Both | None = Field(None, alias="增减")
    rate: Rate | None = Field(None, alias="增减率")

    @model_validator(mode="after")
    def exactly_one(self) -> LastYearEntry:
        """Refuse none and several. Raises ``exactly_one``."""
        if (self.last_year, self.change, self.rate).count(None) != len(GIVEN) - 1:
            given = [alias for name, alias in GIVEN.items() if getattr(self, name) is not None]
            raise PydanticCustomError("exactly_one", "", {"allowed": list(GIVEN.values()), "given": given})
        return self

    @property
    def given(self) -> str:
        """Which of 上年, 增减 and 增减率 it is."""
        name = "last_year" if self.last_year is not None else "change" if self.change is not None else "rate"
        return GIVEN[name]

    @property
    def values(self) -> tuple[Decimal, Decimal]:
        """The number as an amount (元; a rate in %), and as it is written."""
        if self.rate is not None:
            return self.rate, self.rate
        both = self.last_year or self.change
        assert both is not None
        return both


class LastYearFile(Model):
    """``上年.yaml``: last year's figures by indicator, where last year was not built here."""

    unit: Unit = Field(AmountUnit.WAN, alias="金额单位")
    indicators: dict[Text, LastYearEntry] = Field(default_factory=dict, alias="指标")


class ReasonEntry(Model):
    """A reason's text, or another reason (``指标/比较``) whose text it shares."""

    text: str = Field("", alias="文字")
    same: str = Field("", alias="同")


class NotesFile(Model):
    """``说明.yaml``: reasons by indicator and comparison (较上年, 较预算), and other short texts."""

    reasons: dict[Text, dict[Comparison, Annotated[ReasonEntry, BeforeValidator(as_entry)]]] = Field(
        default_factory=dict, alias="原因"
    )
    texts: dict[Text, str] = Field(default_factory=dict, alias="文本")


class PagesFile(Model):
    """``页码.yaml``: the page of each heading, and the text of the document that it was taken from (SHA-256)."""

    text: str = Field("", alias="正文")
    pages: dict[Text, str] = Field(default_factory=dict, alias="页码")
