"""A named set of phrases of a style: what all sets have in common, whatever they speak of.

A set names its cases in the house's words. An empty phrase is a statement too: nothing is printed.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from builder.accounts.values import Model, Text

from .phrases import Phrase


def _phrase(text: object) -> object:
    if isinstance(text, Mapping):  # 「{主语}」 alone, unquoted, is a mapping to YAML
        message = "以「{」开头的写法要加半角引号，否则会被当成一组内容"
        raise PydanticCustomError("phrase", "{message}", {"message": message})
    return text


PhraseText = Annotated[str | None, BeforeValidator(_phrase)]

Slots = Mapping[str, frozenset[str]]
"""The slots that each case may use."""

RATES = frozenset({"率", "增减率"})
WORDS = frozenset({"增加或减少", "增长或下降", "大于或小于"})
NO_RATE = "基数为零、为负或不知道时没有增减率；要印「100%」，请直接写出来"


class PhraseSet(Model):
    """A named set of phrases. ``继承`` takes everything from another set of the group; what is stated replaces it."""

    GROUP: ClassVar[str]
    ALLOWED: ClassVar[Slots]
    REQUIRED: ClassVar[tuple[str, ...]] = ()
    MAIN: ClassVar[str] = ""

    inherits: Text | None = Field(None, alias="继承")
    amount_format: Text = Field("默认", alias="金额")
    rate_format: Text = Field("百分比", alias="率")

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, record: Any) -> Any:
        """Where one phrase says it all, it may stand alone: ``默认: 占{率}%``."""
        return {cls.MAIN: record} if cls.MAIN and isinstance(record, str) else record

    @field_validator("*")
    @classmethod
    def _slots_exist(cls, value: object, info: ValidationInfo) -> object:
        case = cls.model_fields[info.field_name or ""].alias or ""
        if isinstance(value, str) and case in cls.ALLOWED:
            phrase = Phrase(value)
            mistake = phrase.mistake(cls.ALLOWED[case])
            if mistake:
                reason = f"（{NO_RATE}）" if phrase.slots & (RATES - cls.ALLOWED[case]) else ""
                raise PydanticCustomError("phrase", "{message}", {"message": f"「{case}」：{mistake}{reason}"})
        return value

    def stated(self) -> dict[str, Phrase]:
        """Return the stated cases by their Chinese names."""
        texts = {field.alias or "": getattr(self, name) for name, field in type(self).model_fields.items()}
        return {case: Phrase(texts[case]) for case in self.ALLOWED if texts[case] is not None}

    def over(self, parent: Self) -> Self:
        """Return the set with what it leaves unsaid taken from ``parent``."""
        return parent.model_copy(update={name: getattr(self, name) for name in self.model_fields_set})
