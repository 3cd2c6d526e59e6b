"""绩效 forms as data: a style declares what a form holds, a unit fills it in, and both are checked like any other file.

The declaration (``style.yaml``, section 绩效表) names each field with its kind::

    项目支出绩效自评表:
      项目名称: 文字 必填
      单位性质: 词语                 # one word or several: the ticked boxes
      资金: {年初预算: 金额, 执行: 金额}
      指标: [{一级: 文字, 三级: 文字, 分值: 数, 得分: 数}]   # any number of such lines

Nothing that can be computed (执行率, sums, 总分, 评价等级) is a field: the form's Word part computes it with filters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field, PrivateAttr, create_model
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from .money import AmountUnit
from .performance import Words
from .values import Amount, Count, Model, Number, Text, Unit

REQUIRED = "必填"
KIND, TEXT = "种类", "文字"
KINDS: Mapping[str, Any] = {
    TEXT: (str, ""), "词语": (Words, []), "金额": (Amount | None, None), "数": (Number | None, None),
    "个数": (Count | None, None),
}
"""Kind of a field → its type, and its value where it is not filled in."""

FieldTree: TypeAlias = "str | Mapping[str, FieldTree] | Sequence[Mapping[str, FieldTree]]"
BASIC_FIELDS = ("表", "顺序", "金额单位")


class Form(Model):
    """What every form file says of itself; a style's declaration adds the rest. ``file`` is where it was read from."""

    kind: Text = Field(alias="表")
    order: Number = Field(Decimal(0), alias="顺序")
    unit: Unit = Field(AmountUnit.WAN, alias="金额单位")
    _file: str = PrivateAttr("")

    @property
    def file(self) -> str:
        """The path of the file in the workspace; empty where there is none."""
        return self._file

    def read_from(self, file: str) -> None:
        """Remember where the form was read from."""
        self._file = file


def check_fields(fields: object) -> object:
    """Check a declaration of fields. Raises ``phrase`` with what is wrong."""
    for path, kind in _kinds(fields, ()):
        words = str(kind).split()
        if not words or words[0] not in KINDS or words[1:] not in ([], [REQUIRED]):
            name = "、".join(path)
            message = f"「{name}」的种类写作「{kind}」；应是 {'、'.join(KINDS)} 之一，必须填的在后面加「 {REQUIRED}」"
            raise PydanticCustomError("phrase", "{message}", {"message": message})
    return fields


Fields = Annotated[dict[Text, Any], BeforeValidator(check_fields)]


def form_model(name: str, fields: Mapping[str, FieldTree]) -> type[Form]:
    """Return the model of a form file from its declaration."""
    return create_model(name, __base__=Form, **_definitions(name, fields))


def _definitions(name: str, fields: Mapping[str, FieldTree]) -> dict[str, Any]:
    """Return pydantic's field definitions; field names are numbered, for a declared name may be any text."""
    return {
        f"field_{number}": _definition(f"{name}_{key}", key, kind) for number, (key, kind) in enumerate(fields.items())
    }


def _definition(path: str, key: str, kind: FieldTree) -> tuple[Any, Any]:
    if isinstance(kind, Mapping):
        inner = create_model(path, __base__=Model, **_definitions(path, kind))
        return inner, Field(default_factory=dict, validate_default=True, alias=key)
    if not isinstance(kind, str):
        line = create_model(path, __base__=Model, **_definitions(path, kind[0]))
        return list[line], Field(default_factory=list, alias=key)
    word, _, required = kind.partition(" ")
    annotation, empty = KINDS[word]
    kept: JsonDict = {KIND: word}
    if required:
        return (Text if word == TEXT else annotation), Field(alias=key, json_schema_extra=kept)
    return annotation, Field(empty, alias=key, json_schema_extra=kept)


def kind_of(model: type[Model], name: str) -> str:
    """Return the declared kind of a model's field, nothing for a group or list."""
    extra = model.model_fields[name].json_schema_extra
    return str(extra.get(KIND, "")) if isinstance(extra, dict) else ""


def _kinds(fields: object, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], object]]:
    """Return every field that is not a group, with its declared kind."""
    if isinstance(fields, Mapping):
        return [found for key, kind in fields.items() for found in _kinds(kind, (*path, str(key)))]
    if isinstance(fields, list) and len(fields) == 1 and isinstance(fields[0], Mapping):
        return _kinds(fields[0], path)
    return [(path, fields)]
