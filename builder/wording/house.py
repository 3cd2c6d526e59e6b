"""What a style may say under ``措辞``: named phrase sets for each kind of sentence (``数字格式`` is in ``numbers``)."""

from typing import ClassVar

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from builder.accounts.values import Model, Text, YesNo

from .comparing_sets import BudgetPhrases, ChangePhrases, CompletionPhrases, SharePhrases
from .numerals import ordinal
from .phrase_sets import WORDS, PhraseSet, PhraseText, Slots
from .phrases import GIVEN

REASON = GIVEN | {"原因", "增加或减少", "增长或下降", "大于或小于"}


class ReasonPhrases(PhraseSet):
    """``原因``: how a reason is led in, by direction; ``写法`` is for every direction that has no phrase of its own.

    ``无原因`` is printed where nothing changed and no reason belongs there, ``待补充`` in the reason's place where one
    is missing. With ``可不写: 是`` a change without a reason is no omission.
    """

    GROUP = "原因"
    MAIN = "写法"
    ALLOWED: ClassVar[Slots] = {
        "写法": REASON - WORDS,
        "增加": REASON,
        "减少": REASON,
        "持平": REASON - WORDS,
        "无原因": GIVEN,
        "待补充": REASON - {"原因"},
    }

    normal: PhraseText = Field(None, alias="写法")
    more: PhraseText = Field(None, alias="增加")
    less: PhraseText = Field(None, alias="减少")
    equal: PhraseText = Field(None, alias="持平")
    none: PhraseText = Field("", alias="无原因")
    missing: PhraseText = Field("【待补充：{名称}{增加或减少}的原因】", alias="待补充")
    optional: YesNo = Field(default=False, alias="可不写")


ITEM = GIVEN | {"金额", "率", "序号"}


class ListPhrases(PhraseSet):
    """``列举``: items joined into one text; those whose amount prints as zero are left out unless ``含零: 是``."""

    GROUP = "列举"
    MAIN = "项"
    ALLOWED: ClassVar[Slots] = {
        "项": ITEM,
        "整体": GIVEN | {"列表", "项数"},
        "超出": GIVEN | {"列表", "项数"},
        "空": GIVEN,
    }

    item: PhraseText = Field("{名称}", alias="项")
    whole: PhraseText = Field("{列表}", alias="整体")
    truncated: PhraseText = Field("{列表}等", alias="超出")
    empty: PhraseText = Field("", alias="空")
    separator: str = Field("、", alias="分隔")
    last_separator: str | None = Field(None, alias="末分隔")
    numbering: Text = Field("1", alias="序号")
    most: int | None = Field(None, alias="最多", ge=1)
    with_zeros: YesNo = Field(default=False, alias="含零")

    @field_validator("numbering")
    @classmethod
    def _numbering_is_known(cls, first: str) -> str:
        try:
            ordinal(1, first)
        except ValueError as error:
            raise PydanticCustomError("phrase", "{message}", {"message": str(error)}) from None
        return first


class Phrases(Model):
    """The section ``措辞`` of a style."""

    change: dict[Text, ChangePhrases] = Field(default_factory=dict, alias="较上年")
    share: dict[Text, SharePhrases] = Field(default_factory=dict, alias="占")
    completion: dict[Text, CompletionPhrases] = Field(default_factory=dict, alias="完成预算")
    budget: dict[Text, BudgetPhrases] = Field(default_factory=dict, alias="比较")
    reason: dict[Text, ReasonPhrases] = Field(default_factory=dict, alias="原因")
    listing: dict[Text, ListPhrases] = Field(default_factory=dict, alias="列举")
