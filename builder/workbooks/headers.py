"""Column headers and row labels in the words of the published tables: what they mean in the ledger's dimensions.

A style names a column for its tags (``预算出国``); a workbook heads it as printed (``预算数 / 因公出国（境）费``).
Both are brought together by what they mean: book, fund, kind and detail.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from builder.accounts.ledger import DETAILS, KINDS, THREE_PUBLIC
from builder.accounts.values import FUNDS
from builder.accounts.views import BlockSpec, Scope, TableSpec

from .amounts import text_of

NUMBERING = re.compile(r"^(?:其中:|[一二三四五六七八九十]+、|[0-9]+[.、]|\([一二三四五六七八九十0-9]+\))")
SIGNS = re.compile(r"[\s\"'“”‘’()\[\]{}《》<>:,.、]")
TRIPS, PURCHASE, RUNNING, RECEPTIONS = THREE_PUBLIC.values()
VEHICLES = (PURCHASE, RUNNING)
OTHER_FIGURES = re.compile(r"上年(?!结转)|上一年|增减|增长|比重|占比|[%％率]|备注|说明")
"""What a header contains that is about no figure of the published tables, but about one beside it."""
KIND_WORDS = (
    ("出国", (TRIPS,)), ("购置及运行", VEHICLES), ("用车购置", (PURCHASE,)), ("用车运行", (RUNNING,)),
    ("公务接待", (RECEPTIONS,)), ("三公", tuple(THREE_PUBLIC.values())),
    *((kind, (kind,)) for kind in KINDS if kind not in THREE_PUBLIC.values()),
)
"""What a header contains → the 类型 that it is about; the first that fits counts."""
BOOK_WORDS = (
    ("教育收费", "其中教育收费"), ("年初预算", "年初预算"), ("全年预算", "全年预算"), ("调整预算", "全年预算"),
    ("预算数", "预算"), ("决算数", "决算"),
    ("年初结转", "年初结转和结余"), ("上年结转", "年初结转和结余"), ("年末结转", "年末结转和结余"),
    ("本年收入", "收入"), ("本年支出", "支出"),
)
"""What a header contains → what the name of its book contains."""
BOOK_HEADERS = {"支出": "本年支出", "收入": "本年收入"}
KIND_HEADERS = {
    frozenset({TRIPS}): "因公出国（境）费", frozenset({RECEPTIONS}): RECEPTIONS,
    frozenset({PURCHASE}): PURCHASE, frozenset({RUNNING}): RUNNING,
}
VEHICLES_HEADER = "公务用车购置及运行维护费"


def normal(text: object) -> str:
    """Return a title, header or label without numbering, spaces, quotation marks and brackets."""
    plain = text_of(text).replace("\n", "").replace(" ", "")
    while (stripped := NUMBERING.sub("", plain)) != plain:
        plain = stripped
    return SIGNS.sub("", plain)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a header says: part of the book's name, fund, kinds and detail; empty where it says nothing."""

    book: str = ""
    fund: str = ""
    kinds: frozenset[str] = frozenset()
    detail: str = ""


def meaning(path: Sequence[str]) -> Meaning:
    """Return what a header means, given from top to bottom; what stands lower goes before."""
    lowest_first = [normal(text) for text in reversed(path)]
    return Meaning(
        next((book for text in lowest_first for word, book in BOOK_WORDS if word in text), ""),
        next((fund for text in lowest_first for fund in FUNDS[:3] if fund.removesuffix("预算") in text), ""),
        next((frozenset(kinds) for text in lowest_first for word, kinds in KIND_WORDS if word in text), frozenset()),
        next((detail for text in lowest_first for detail in DETAILS if detail in text), ""),
    )


def column_scopes(block: BlockSpec, table: TableSpec) -> dict[str, Scope]:
    """Return the scope of each column of a block that is not a sum of others."""
    outer = block.within(table)
    return {name: column.within(outer) for name, column in block.columns.items() if not column.sum_of}


def match_columns(paths: Mapping[int, Sequence[str]], block: BlockSpec, table: TableSpec) -> dict[int, str]:
    """Return the style's column for each worksheet column whose header leaves no doubt."""
    names = list(block.columns)
    own = {normal(name) for name in names}
    paths = {
        column: path for column, path in paths.items()
        if normal(path[-1] if path else "") in own or not OTHER_FIGURES.search("".join(path))
    }
    if len(paths) == len(names) == 1:
        return {next(iter(paths)): names[0]}
    leaves = [normal(path[-1]) if path else "" for path in paths.values()]
    found: dict[int, str] = {}
    for (column, _), leaf in zip(paths.items(), leaves, strict=True):
        same = [name for name in names if normal(name) == leaf]
        if len(same) == 1 and leaves.count(leaf) == 1:
            found[column] = same[0]
    scopes = {name: scope for name, scope in column_scopes(block, table).items() if name not in found.values()}
    everything = column_scopes(block, table).values()
    varying = {
        "book": len({scope.books for scope in everything}) > 1,
        "fund": len({scope.funds for scope in everything}) > 1,
        "kinds": len({scope.kinds for scope in everything}) > 1,
        "detail": len({scope.details for scope in everything}) > 1,
    }
    for column, path in paths.items():
        if column in found or not path:
            continue
        says = meaning(path)
        fitting = [name for name, scope in scopes.items() if _fits(says, scope, varying)]
        if len(fitting) == 1 and fitting[0] not in found.values():
            found[column] = fitting[0]
    return found


def _fits(says: Meaning, scope: Scope, varying: Mapping[str, bool]) -> bool:
    """Tell whether a header means a column, in the dimensions that tell the block's columns apart."""
    if varying["book"] and says.book and not all(
        says.book in book if says.book in {"预算", "决算"} or "预算" in says.book else says.book == book
        for book in scope.books
    ):
        return False
    if varying["fund"] and scope.funds != ((says.fund,) if says.fund else ()) and (says.fund or len(scope.funds) == 1):
        return False
    if varying["kinds"] and frozenset(scope.kinds) != says.kinds:
        return False
    return not (varying["detail"] and scope.details != ((says.detail,) if says.detail else ()))


def header_path(name: str, block: BlockSpec, table: TableSpec) -> tuple[str, ...]:
    """Return the header under which a workbook shows a column: one line, or a group and what is under it."""
    scopes = column_scopes(block, table)
    scope = scopes.get(name)
    if scope is None:
        return (name,)
    kinds = frozenset(scope.kinds)
    three_public = any("三公" in book for other in scopes.values() for book in other.books)
    if three_public and len(scopes) > 1:
        return _three_public_path(name, scope, scopes)
    if len(scope.funds) == 1 and name in FUNDS:
        return (f"{name}财政拨款",)
    if name == "教育收费":
        return ("事业收入", "其中：教育收费")
    same_book = [other for other in scopes.values() if other.books == scope.books]
    if len(same_book) > 1 and len(scope.books) == 1 and "小计" in scopes and scopes["小计"].books == scope.books:
        group = next(iter(scopes["小计"].kinds), BOOK_HEADERS.get(scope.books[0], ""))
        if group and (not scopes["小计"].kinds or kinds == frozenset(scopes["小计"].kinds)):
            return (group, name)
    return (name,)


def _three_public_path(name: str, scope: Scope, scopes: Mapping[str, Scope]) -> tuple[str, ...]:
    kinds = frozenset(scope.kinds)
    top: tuple[str, ...] = ()
    if len({other.books for other in scopes.values()}) > 1:
        top = ("预算数" if all("预算" in book for book in scope.books) else "决算数",)
    elif kinds and kinds <= set(THREE_PUBLIC.values()):
        top = ("“三公”经费",)
    if kinds == frozenset(VEHICLES):
        return (*top, VEHICLES_HEADER, "小计")
    if kinds <= frozenset(VEHICLES) and kinds:
        return (*top, VEHICLES_HEADER, KIND_HEADERS[kinds])
    if not kinds or kinds == frozenset(THREE_PUBLIC.values()):
        return (*top, "合计" if not kinds else "小计")
    return (*top, KIND_HEADERS.get(kinds, name))
