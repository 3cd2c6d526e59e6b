"""Views: how a style declares its tables over the ledger (``style.yaml``, section 公开表).

A table has one or more blocks (栏) side by side; a block has columns and rows. A filter may stand at table, block, row
and column; what stands nearer to the cell replaces what stands farther, dimension by dimension.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from graphlib import TopologicalSorter
from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from .ledger import BOOKS, DETAILS, KINDS, Query
from .performance import as_list
from .values import FUNDS, Count, Model, Text, YesNo, one_of

Words = Annotated[tuple[Text, ...], BeforeValidator(as_list)]
Books = Annotated[tuple[Annotated[str, one_of(*BOOKS)], ...], BeforeValidator(as_list)]
Funds = Annotated[tuple[Annotated[str, one_of(*FUNDS)], ...], BeforeValidator(as_list)]

Kinds = Annotated[tuple[Annotated[str, one_of(*KINDS)], ...], BeforeValidator(as_list)]
Details = Annotated[tuple[Annotated[str, one_of(*DETAILS)], ...], BeforeValidator(as_list)]


class Scope(NamedTuple):
    """Which ledger entries count, with what table, block, row and column say put together."""

    books: tuple[str, ...] = ()
    funds: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()

    def within(self, outer: Scope | Filter) -> Scope:
        """Return this scope, completed by what only ``outer`` says."""
        return _completed(self, outer)

    @property
    def query(self) -> Query:
        """The ledger query, without subjects."""
        return Query(self.books, self.funds, self.kinds, self.details)


class Filter(Model):
    """Which ledger entries count; a dimension left out is not restricted here."""

    books: Books = Field((), alias="账")
    funds: Funds = Field((), alias="资金来源")
    kinds: Kinds = Field((), alias="类型")
    details: Details = Field((), alias="明细")
    subjects: Words = Field((), alias="科目")

    def within(self, outer: Scope | Filter) -> Scope:
        """Return this filter, completed by what only ``outer`` says."""
        return _completed(self, outer)


def _completed(inner: Scope | Filter, outer: Scope | Filter) -> Scope:
    return Scope(
        inner.books or outer.books,
        inner.funds or outer.funds,
        inner.kinds or outer.kinds,
        inner.details or outer.details,
        inner.subjects or outer.subjects,
    )


class ColumnSpec(Filter):
    """A column: a filter, or the sum (合计) of other columns of the row; 「-名」 subtracts."""

    sum_of: Words = Field((), alias="合计")
    zero: str | None = Field(None, alias="零")


class RowSpec(Filter):
    """A declared row: a filter, or the sum of other rows; or a filler that keeps two blocks level."""

    name: str = Field("", alias="名")
    label: str = Field("", alias="标签")
    sum_of: Words = Field((), alias="合计")
    numbered: YesNo = Field(False, alias="编号")
    columns: Words = Field((), alias="只列")
    zero: str | None = Field(None, alias="零")
    categories: Count = Field(0, alias="功能大类")
    level: YesNo = Field(False, alias="补齐")
    blank: YesNo = Field(False, alias="空行")

    @model_validator(mode="after")
    def is_one_thing(self) -> RowSpec:
        """Refuse a row that is several things, or none. Raises ``exactly_one``."""
        kinds = {"名": self.name, "功能大类": self.categories, "补齐": self.level, "空行": self.blank}
        if sum(map(bool, kinds.values())) != 1:
            given = [text for text, stated in kinds.items() if stated]
            raise PydanticCustomError("exactly_one", "", {"allowed": list(kinds), "given": given})
        return self


class BlockSpec(Filter):
    """One block (栏) of a table.

    Rows are either the ledger's subjects (``按科目列行``: 类, 款 and 项 with figures; with ``含上年科目`` also
    those that only last year had, after the others), a list of economic subjects
    (``经济科目``; 类 or 款 under ``有数才列`` only where they have figures), or declared one by one (``行: [...]``).
    """

    columns: dict[Text, ColumnSpec] = Field(alias="列")
    by_subject: YesNo = Field(False, alias="按科目列行")
    last_year_subjects: YesNo = Field(False, alias="含上年科目")
    economic: Words = Field((), alias="经济科目")
    economic_if_used: Words = Field((), alias="有数才列")
    rows: tuple[RowSpec, ...] = Field((), alias="行")
    total: str = Field("", alias="合计行")
    numbering: str = Field("", alias="序号")
    apart: YesNo = Field(False, alias="不并列")


class TableSpec(Filter):
    """One statement: 公开01 … as the style declares it, or a statement that is only calculated (不印)."""

    code: str = Field("", alias="表号")
    title: Text = Field(alias="标题")
    number_format: str = Field("公开表", alias="数字格式")
    zero: str | None = Field(None, alias="零")
    empty_zero: str | None = Field(None, alias="空表零")
    line_numbers: YesNo = Field(False, alias="行次")
    blocks: dict[Text, BlockSpec] = Field(alias="栏")
    stated_in: str = Field("", alias="公开值同")
    printed: YesNo = Field(True, alias="公开")


def signed(part: str) -> tuple[str, int]:
    """Return the name of a term of a sum (合计) and its sign: ``-年末结转`` is subtracted."""
    return part.removeprefix("-"), -1 if part.startswith("-") else 1


Terms = tuple[tuple[str, int], ...]
"""The terms of a sum (合计), by name, each with its sign."""


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The columns of a block within a scope.

    ``asked`` are those that ask the ledger, each with its query and the subjects that it names itself; ``sums`` those
    that add up others, each after its terms.
    """

    table: str
    names: tuple[str, ...]
    asked: tuple[tuple[str, Query, tuple[str, ...]], ...]
    sums: tuple[tuple[str, Terms], ...]
    step: Decimal

    @property
    def queries(self) -> tuple[Query, ...]:
        """What the columns ask, each once."""
        return tuple(dict.fromkeys(query for _name, query, _subjects in self.asked))


def columns_of(table: str, step: Decimal, specs: Mapping[str, ColumnSpec], scope: Scope) -> Columns:
    """Return the columns of a block within a scope, for a table that prints ``step`` (元) as its last digit."""
    sums = {
        name: tuple((part, sign) for part, sign in map(signed, column.sum_of) if part in specs)
        for name, column in specs.items() if column.sum_of
    }
    order = TopologicalSorter({name: [part for part, _sign in terms] for name, terms in sums.items()}).static_order()
    return Columns(
        table,
        tuple(specs),
        tuple((name, spec.within(scope).query, spec.subjects) for name, spec in specs.items() if not spec.sum_of),
        tuple((name, sums[name]) for name in order if name in sums),
        step,
    )
