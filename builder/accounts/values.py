"""The values that files may give: amounts, counts, codes, words; read as printed, exactly, with errors to be worded.

Every error carries what was found and, where there is one, the probable reading; loading puts it into Chinese.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainValidator,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError

from .money import AmountUnit

AMOUNT = re.compile(r"-?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]+)?")
CODE = re.compile(r"[0-9]{3}(?:[0-9]{2}){0,2}")
COUNT = re.compile(r"[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2}")
UNIT_WORD = re.compile(r"[十百千万亿]*元$")


def parse_amount(text: object, info: ValidationInfo) -> Decimal:
    """Read an amount as printed (``1,064.50``) and return it in 元.

    Raises ``amount`` (not an amount, with the probable reading where there is one) and ``amount_places`` (more
    decimals than the file's unit allows).
    """
    context: dict[str, Any] = info.context or {}
    unit: AmountUnit = context.get("unit", AmountUnit.WAN)
    places: int = context.get("places", 2)
    is_usual, yuan = _usually(unit, places)
    if isinstance(text, str) and is_usual(text):
        return Decimal(text) * yuan
    if isinstance(text, Decimal):
        return text
    if not isinstance(text, str) or not AMOUNT.fullmatch(text):
        reading = {"reading": probable_number(text, unit), "unit": unit.value}
        raise PydanticCustomError("amount", "{found}", {"found": text, **reading})
    decimals = len(text.partition(".")[2])
    if decimals > places:
        raise PydanticCustomError(
            "amount_places", "{found}", {"found": text, "unit": unit.value, "places": places, "decimals": decimals}
        )
    return Decimal(text.replace(",", "")) * unit.yuan


@cache
def _usually(unit: AmountUnit, places: int) -> tuple[Callable[[str], object], Decimal]:
    """Return what tells an amount that is written as nearly all are, without separators, and how many 元 one is."""
    decimals = rf"(?:\.[0-9]{{1,{places}}})?" if places else ""
    return re.compile(rf"-?[0-9]{{1,15}}{decimals}").fullmatch, unit.yuan


def parse_number(text: object) -> Decimal:
    """Read a plain number (a score, a count with decimals) and return it exactly. Raises ``number``."""
    if isinstance(text, Decimal):
        return text
    number = _number(text) if isinstance(text, str) else None
    if number is None:
        raise PydanticCustomError("number", "{found}", {"found": text, "reading": probable_number(text)})
    return number


@lru_cache(maxsize=1000)
def _number(text: str) -> Decimal | None:
    """Return the number that a text is. All units have much the same ones, such as the points of 绩效."""
    return Decimal(text.replace(",", "")) if AMOUNT.fullmatch(text) else None


def parse_count(text: object) -> int:
    """Read a whole number that is not negative: persons, vehicles, batches. Raises ``count``."""
    if isinstance(text, int) and not isinstance(text, bool):
        return text
    if not isinstance(text, str) or not COUNT.fullmatch(text):
        raise PydanticCustomError("count", "{found}", {"found": text, "reading": probable_number(text)})
    return int(text.replace(",", ""))


def parse_code(text: object) -> str:
    """Read a subject code of 3, 5 or 7 digits (类, 款, 项). Raises ``code``."""
    if not isinstance(text, str) or not CODE.fullmatch(text):
        raise PydanticCustomError("code", "{found}", {"found": text, "reading": probable_number(text)})
    return text


def probable_number(text: object, unit: AmountUnit | None = None) -> str:
    """Return the number that was probably meant (full-width digits, stray separators), or nothing.

    A unit written after it must be the file's own ``unit``; of another the number would be another.
    """
    if not isinstance(text, str):
        return ""
    plain = unicodedata.normalize("NFKC", text).strip()
    if word := UNIT_WORD.search(plain):
        if unit is None or word[0] != unit.value:
            return ""
        plain = plain[: word.start()]
    plain = re.sub(r"[\s,，、'’_]", "", plain).replace("。", ".").replace("−", "-")
    return plain if AMOUNT.fullmatch(plain) else ""


def parse_yes_no(text: object) -> object:
    """Read 是 or 否. Raises ``choice``."""
    if isinstance(text, bool):
        return text
    if not isinstance(text, str) or text not in YES_NO:
        raise PydanticCustomError("choice", "{found}", {"found": text, "allowed": list(YES_NO)})
    return YES_NO[text]


YES_NO = {"是": True, "否": False}
Text = Annotated[str, StringConstraints(min_length=1)]
CODE_SCHEMA: JsonSchemaValue = {"type": ["string", "integer"], "pattern": f"^{CODE.pattern}$"}
Code = Annotated[str, BeforeValidator(parse_code), WithJsonSchema(CODE_SCHEMA)]
Amount = Annotated[Decimal, PlainValidator(parse_amount), WithJsonSchema({"type": ["string", "number"]})]
Number = Annotated[Decimal, PlainValidator(parse_number), WithJsonSchema({"type": ["string", "number"]})]
Count = Annotated[int, BeforeValidator(parse_count), WithJsonSchema({"type": ["string", "integer"]})]

FUNDS = ("一般公共预算", "政府性基金预算", "国有资本经营预算", "非财政拨款")
"""资金来源, in the order of the tables; the first three are 财政拨款."""


class Model(BaseModel):
    """A record with Chinese keys; unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True, validate_by_alias=True)


@dataclass(frozen=True, slots=True)
class OneOf:
    """Admits only the words ``allowed``. Raises ``choice`` with them."""

    allowed: tuple[str, ...]

    def __call__(self, text: object) -> object:
        """Return ``text`` where it is one of the words."""
        if not isinstance(text, str) or text not in self.allowed:
            raise PydanticCustomError("choice", "{found}", {"found": text, "allowed": list(self.allowed)})
        return text


def one_of(*allowed: str) -> BeforeValidator:
    """A validator that admits only the given words."""
    return BeforeValidator(OneOf(allowed))


Fund = Annotated[str, one_of(*FUNDS)]
YesNo = Annotated[bool, BeforeValidator(parse_yes_no), WithJsonSchema({"enum": list(YES_NO)})]

Unit = Annotated[AmountUnit, one_of(*(unit.value for unit in AmountUnit))]
