"""What 公开表.yaml says of the print beside its figures: labels, 表号 and titles, cells left blank, rows left out."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from builder.accounts.money import printed
from builder.accounts.statements import Block, Place, StatedText, Statement
from builder.accounts.subjects import LEVELS, Subjects
from builder.accounts.values import FUNDS
from builder.findings import Source

from .case import Case
from .engine import rule
from .results import HOLDS, Outcome, Result
from .tables import is_economic

NOTHING = "空白"
"""What stands for a label that is not printed."""
HEAD = "表头"
GRANT = "财政拨款"
FEW, ENOUGH = 2, 5
"""So many rows at most may be missing, and so many at least stated, for a block to count as stated in full."""


@rule(
    "表号标题", "表号、标题和编制单位印得对",
    meaning="每张公开表印的表号、标题是格式规定的，两张表不共用一个表号；表头印有本单位的名称。",
    formula="印的表号 ＝ 格式的表号；印的标题 ＝ 格式的标题；印的编制单位 ＝ 单位名称",
)
def heads(case: Case) -> Iterator[Result]:
    """表号, title and unit of each stated table. Source: 部门决算公开表 的表样."""
    owners: dict[str, Source] = {}
    for name, words in case.stated_words.items():
        statement = case.statements.get(name)
        if statement is None:
            continue
        spec = statement.spec
        for what, said, right in (
            ("表号", words.code, spec.code), ("标题", words.title, spec.title),
            ("编制单位", words.owner, case.card.name),
        ):
            if said is None or _same(said.text, right):
                yield HOLDS
                continue
            first = owners.setdefault(said.text, said.source) if what == "编制单位" else said.source
            if said.text == NOTHING:
                yield _wrong(f"{name} 没有印{what}，应为「{right}」；请补上", said, Place(name, HEAD, what), first)
                continue
            other = next((table for table, each in case.statements.items() if _same(said.text, each.spec.code)), "")
            twin = f"，与 {other} 重复" if other else ""
            message = f"{name} 的{what}印作「{said.text}」，应为「{right}」{twin}；请更正"
            yield _wrong(message, said, Place(name, HEAD, what), first)


@rule(
    "项目名称", "项目名称、科目名称印得对",
    meaning="公开表各行印的名称，与格式的行名、本年度科目表的科目名称一致，不重复、不漏字。",
    formula="印的名称 ＝ 格式的行名；印的科目名称 ＝ 科目表里该代码的名称",
)
def labels(case: Case) -> Iterator[Result]:
    """Labels of stated rows that are not the form's. Source: 表样, and 政府收支分类科目 of the year."""
    for name, words in case.stated_words.items():
        statement = case.statements.get(name)
        if statement is None:
            continue
        for key, said in words.labels.items():
            right = _right(case, statement, key)
            if not right or _same(said.text, right):
                yield HOLDS
            elif said.text == NOTHING:
                yield _wrong(f"{name}/{key} 没有印项目名称，应为「{right}」；请补上", said, Place(name, key, "项目"))
            else:
                twin = next((row.key for row in statement.rows.values() if _same(said.text, row.label, bare=True)), "")
                again = f"，与 {twin} 重复" if twin and twin != key else ""
                message = f"{name}/{key} 印作「{said.text}」，应为「{right}」{again}；请更正"
                yield _wrong(message, said, Place(name, key, "项目"))
        yield from _funds(case, name, statement)


def _right(case: Case, statement: Statement, key: str) -> str:
    """Return the label that a row should have; empty where no list has its code."""
    if not key.isdigit():
        return statement.rows[key].label if key in statement.rows else ""
    name = case.subjects.name(key, economic=is_economic(statement))
    return name if name != key else ""


def _funds(case: Case, name: str, statement: Statement) -> Iterator[Result]:
    """Yield each stated row whose label, the form's own, leaves 预算 out of a fund's name."""
    stated, labels = case.stated.get(name, {}), case.stated_words[name].labels
    for row in statement.rows.values():
        if GRANT not in row.label or not stated.get(row.key) or row.key in labels:
            continue
        for fund in FUNDS[:3]:
            short = fund.removesuffix("预算") + GRANT
            if short in row.label:
                said = StatedText(row.label, next(iter(stated[row.key].values())).source)
                right = row.label.replace(short, fund + GRANT)
                message = f"{name}/{row.key} 印作「{row.label}」，漏「预算」二字，应为「{right}」；请更正，格式里也要改"
                yield _wrong(message, said, Place(name, row.key, "项目"))


@rule(
    "代码位数", "科目代码位数对", meaning="公开表里的科目代码是 3、5 或 7 位（经济分类 3 或 5 位）。",
    formula="类 3 位、款 5 位、项 7 位",
)
def lengths(case: Case) -> Iterator[Result]:
    """Codes of stated rows, with the code that their name has. Source: 政府收支分类科目."""
    for name, rows in case.stated.items():
        statement = case.statements.get(name)
        if statement is None:
            continue
        economic = is_economic(statement)
        allowed = [length for length, level in LEVELS.items() if not (economic and level == "项")]
        for key, columns in rows.items():
            if not key.isdigit() or not columns:
                continue
            if len(key) in allowed:
                yield HOLDS
                continue
            words = case.stated_words[name].labels.get(key)
            meant = _code_of(case.subjects, words.text, economic=economic) if words else ""
            hint = f"「{words.text}」的代码是 {meant}" if words and meant else "请核对代码"
            source = next(iter(columns.values())).source
            message = f"{name} 的科目代码 {key} 有 {len(key)} 位，应为 {'、'.join(map(str, allowed))} 位；{hint}"
            yield Result(Outcome.FAILS, message, source, Place(name, key, "科目代码"), suspects=(source,))


def _code_of(subjects: Subjects, name: str, *, economic: bool) -> str:
    """Return the only code of that name; empty where there is none or more than one."""
    listed = subjects.economic if economic else subjects.functional
    found = [subject.code for subject in listed.values() if subject.name == name]
    return found[0] if len(found) == 1 else ""


@rule(
    "空白", "该有数的格没有空着", meaning="公开表里空着的格（印作空白），按事实计算是零；下面有数的合计不能空着。",
    formula="印作空白的格 ＝ 0",
)
def blanks(case: Case) -> Iterator[Result]:
    """Cells stated as 空白. Source: 部门决算公开表 编制说明: totals are filled in."""
    for name, rows in case.stated.items():
        for key, columns in rows.items():
            for column, stated in columns.items():
                if not stated.blank:
                    continue
                row = case.statements[name].rows.get(key) if name in case.statements else None
                if row is None or column not in row.cells:
                    continue
                cell = row.cells[column]
                if not printed(cell.derived):
                    yield HOLDS
                    continue
                message = f"{cell.place}：空着没有印数，应为 {printed(cell.derived):,} 万元；请补上"
                yield Result(
                    Outcome.FAILS, message, stated.source, cell.place, stated.amount, cell.derived, (stated.source,)
                )


@rule(
    "缺行", "公开表没有缺行", meaning="其他行都给了出表数的栏，格式里的每一行都在；有金额的科目，下面列到同样的级次。",
    formula="格式的行 ∈ 印的行；类、款有数 ⇒ 下面有款、项",
)
def missing_rows(case: Case) -> Iterator[Result]:
    """Blocks that are stated but for a row or two, and subjects without any under them. Source: 表样."""
    for name, stated in case.stated.items():
        statement = case.statements.get(name)
        if statement is None or not statement.spec.printed:
            continue
        for block in statement.blocks.values():
            if block.spec.rows:
                yield from _declared_rows(statement, block, stated.keys())
        yield from _without_items(case, name)


def _declared_rows(statement: Statement, block: Block, keys: Collection[str]) -> Iterator[Result]:
    rows = [row for row in block.rows if row.key]  # without fillers
    lacking = [row for row in rows if row.key not in keys]
    if len(lacking) > FEW or len(rows) - len(lacking) < ENOUGH:
        return
    if not lacking:
        yield HOLDS
    for row in lacking:
        message = f"{statement.name} 没有印「{row.label}」这一行；请补上"
        yield Result(Outcome.FAILS, message, None, Place(statement.name, row.key, "项目"))


def _without_items(case: Case, name: str) -> Iterator[Result]:
    codes = [key for key in case.stated[name] if key.isdigit()]
    lengths = {len(code) for code in codes}
    levels = lengths & LEVELS.keys()
    longest = max(levels, default=0)
    above = [code for code in codes if len(code) < longest]
    divided = {code[:length] for code in codes for length in lengths if length < len(code)} if above else set()
    for code in above:
        amounts = [value for value in case.stated[name][code].values() if value.amount]
        if not amounts:
            continue
        if code in divided:
            yield HOLDS
            continue
        source, below = amounts[0].source, min(length for length in levels if length > len(code))
        message = (
            f"{name} 的 {code} 有 {printed(amounts[0].amount):,} 万元，下面没有列{LEVELS[below]}级科目；"
            "请补上缺的行"
        )
        yield Result(Outcome.FAILS, message, source, Place(name, code, "科目代码"), suspects=(source,))


def _same(one: str, other: str, *, bare: bool = False) -> bool:
    """Tell whether two labels are the same but for spaces; ``bare`` leaves their numbers out."""
    parts = [text.replace(" ", "") for text in (one, other)]
    if bare:
        parts = [part.partition("、")[2] or part for part in parts]
    return parts[0] == parts[1]


def _wrong(message: str, said: StatedText, place: Place, *more: Source) -> Result:
    return Result(Outcome.FAILS, message, said.source, place, suspects=tuple(dict.fromkeys((said.source, *more))))


RULES = (heads, labels, lengths, blanks, missing_rows)
