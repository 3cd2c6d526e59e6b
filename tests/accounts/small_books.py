"""Small accounts for tests: facts and tables written as YAML, calculated without files."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter

from builder.accounts.definitions import Definitions, parse_definition, plain_name
from builder.accounts.entering import ledger_of
from builder.accounts.facts import Facts
from builder.accounts.figures import LastYearValue
from builder.accounts.indicators import Indicators
from builder.accounts.leaves import leaves_of
from builder.accounts.ledger import Ledger
from builder.accounts.money import AmountUnit
from builder.accounts.outlines import outline_of
from builder.accounts.statements import Stated, Statement
from builder.accounts.subjects import Subjects
from builder.accounts.tabulating import build_statement
from builder.accounts.views import TableSpec
from builder.findings import Source
from builder.loading.subjects import load_subjects

ROOT = Path(__file__).resolve().parents[2]
TABLES = TypeAdapter(dict[str, TableSpec])
WAN = Decimal(10000)


def read(text: str) -> Any:
    return yaml.load(text, yaml.BaseLoader) or {}  # every value as text, as the program's own reader reads it


def facts_of(text: str) -> Facts:
    data = {"金额单位": "万元", "收入": [], "支出": []} | read(text)
    return Facts.model_validate(data, context={"unit": AmountUnit(data["金额单位"]), "places": 2})


def ledger(text: str) -> Ledger:
    return ledger_of(facts_of(text), {})


@cache
def subjects(year: int = 2022) -> Subjects:
    return load_subjects(ROOT, year)[0]


def tables_of(text: str) -> dict[str, TableSpec]:
    return TABLES.validate_python(read(text), by_alias=True, by_name=False)


def stated_of(text: str) -> dict[str, dict[str, dict[str, Stated]]]:
    return {
        table: {
            row: {column: Stated(Decimal(amount) * WAN, Source("公开表.yaml", 1)) for column, amount in cells.items()}
            for row, cells in rows.items()
        }
        for table, rows in read(text).items()
    }


def statement(facts: str, table: str, stated: str = "", step: str = "100") -> Statement:
    """Return the one table that is written down."""
    ((name, spec),) = tables_of(table).items()
    return build_statement(outline_of(name, spec, Decimal(step)), ledger(facts), subjects(), stated_of(stated))


def indicators(
    facts: str,
    tables: str = "",
    definitions: str = "",
    *,
    given: Mapping[str, tuple[str, str]] | None = None,
    last_year: Indicators | None = None,
    composition: Mapping[str, tuple[str, ...]] | None = None,
    zeros: tuple[str, ...] = (),
) -> Indicators:
    """Return the indicators of a unit-year. ``given`` holds last year's figures as (上年|增减|增减率, number)."""
    read_facts = facts_of(facts)
    book = ledger_of(read_facts, {})
    return Indicators(
        Definitions({plain_name(name): parse_definition(text) for name, text in read(definitions).items()}),
        {name: build_statement(outline_of(name, spec), book, subjects()) for name, spec in tables_of(tables).items()},
        book,
        leaves_of(read_facts, {}, zeros),
        {
            name: LastYearValue(how, number * (1 if how == "增减率" else WAN), number, Source("上年.yaml", 3))
            for name, (how, number) in ((name, (how, Decimal(text))) for name, (how, text) in (given or {}).items())
        },
        last_year,
        composition or {},
    )


def wan(yuan: Decimal | None) -> Decimal | None:
    return None if yuan is None else yuan / WAN


def column(made: Statement, name: str) -> dict[str, Decimal]:
    """Return one column by row, in 万元."""
    return {key: row.cells[name].value / WAN for key, row in made.rows.items() if name in row.cells}
