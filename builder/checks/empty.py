"""What texts say there is none of, against the tables: 「没有政府性基金收支」, 「本表为空」, 「没有购置公务用车」."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from builder.accounts.ledger import THREE_PUBLIC, Query
from builder.accounts.money import ZERO, printed
from builder.accounts.values import FUNDS

from .case import Case, Prose
from .engine import rule
from .results import HOLDS, Result, fails, judged
from .tables import stated_cells
from .written import all_texts

SENTENCE = re.compile(r"[^。；;\n]+")
CLAUSE = re.compile(r"[^，,。；;\n]+")
NONE = r"(?:没有|无|未使用|未安排|未发生|未取得|不涉及)"
OTHER_TIME = re.compile(r"预算数|年初|上年|去年|以前年度|往年|下年|次年")
EMPTY = re.compile(r"为空|空表|无数据|没有数据")
AMOUNT = re.compile(r"(?:收入|支出|拨款|决算)(?:合计|总计|数)?(?:为|是)?\s*([\d,]+(?:\.\d+)?)\s*(?:万元|元)")
FUND_WORDS = {"政府性基金": FUNDS[1], "国有资本经营": FUNDS[2]}
NO_FUND = {word: re.compile(rf"{NONE}[^，]{{0,12}}{word}|{word}[^，]{{0,16}}{NONE}") for word in FUND_WORDS}
EXPENSES = {
    "overseas": re.compile(rf"(?:{NONE}|未)(?:组织|安排|开展|发生)?(?:人员)?因公出国"),
    "purchase": re.compile(rf"(?:{NONE}|未)(?:购置|购买|新购)[^，]{{0,4}}(?:公务用车|车辆)"),
    "receptions": re.compile(rf"(?:{NONE}|未)(?:安排|开展|发生)?公务接待"),
}
"""Field of an expense of “三公” → how a text says that it did not arise this year."""
EXPENSE_WORDS = ("因公出国", "公务用车", "车辆", "公务接待")
"""One of which stands in all of these: most texts say none of this, and need not be divided into clauses."""
EMPTY_TABLE = "空表"


@rule(
    "空表说明", "说没有的，表里没有数；说有数的，表里有数",
    meaning="文字说没有政府性基金、国有资本经营收支，没有出国、购车、接待，或说某张表为空的，表里确实没有数；反过来也一样。",
    formula="「没有…」「本表为空」⇔ 该表各格 ＝ 0",
)
def empty_tables(case: Case) -> Iterator[Result]:
    """Sentences of the unit's texts. Source: the note under a table without figures, and 空表理由 of the list."""
    everything = all_texts(case)
    funds = [about for about in FUND_WORDS.items() if about[0] in everything]
    expenses = [word for word in EXPENSE_WORDS if word in everything]
    for prose in case.texts:
        if EMPTY_TABLE in prose.name:
            yield from _about_tables(case, prose)
        named = [about for about in funds if about[0] in prose.text] if funds else []
        for sentence in SENTENCE.finditer(prose.text) if named else ():
            for about in named:
                if about[0] in sentence[0] and not OTHER_TIME.search(sentence[0]):
                    yield from _about_fund(case, prose, sentence, about)
        spoken_of = [word for word in expenses if word in prose.text] if expenses else []
        for clause in CLAUSE.finditer(prose.text) if spoken_of else ():
            if not OTHER_TIME.search(clause[0]) and "预算" not in clause[0]:
                yield from _about_expense(case, prose, clause)


def _about_tables(case: Case, prose: Prose) -> Iterator[Result]:
    """A text that is named after a table (「公开08空表理由」) says why it is empty."""
    for name, statement in case.statements.items():
        if name in prose.name:
            stated = any(cell.stated is not None and cell.stated.amount for cell in statement.cells())
            message = f"{prose.name}说这张表为空，但 {name} 里有数；请核对，或删去这段文字"
            yield judged(good=not (stated or statement.has_figures), message=message, sources=(prose.source,))


def _about_fund(case: Case, prose: Prose, sentence: re.Match[str], about: tuple[str, str]) -> Iterator[Result]:
    word, fund = about
    amount, at = _fund_total(case, fund), prose.at(sentence.start())
    if NO_FUND[word].search(sentence[0]) or EMPTY.search(sentence[0]):
        message = f"{prose.name}说没有{word}预算的收支，但表里有 {printed(amount):,} 万元；请核对「{sentence[0][:30]}」"
        yield judged(good=not amount, message=message, sources=(at,))
    elif (found := AMOUNT.search(sentence[0], sentence[0].index(word))) and Decimal(found[1].replace(",", "")):
        message = f"{prose.name}说{word}预算{found[0]}，但表里没有数；请核对两处"
        yield HOLDS if amount else fails(message, at)


def _fund_total(case: Case, fund: str) -> Decimal:
    """Return the largest of revenue, expenditure and carry-overs of a fund, from the facts or as stated (元)."""
    amounts = [ZERO]
    for book in ("收入", "支出", "年初结转和结余", "年末结转和结余"):
        query = Query((book,), (fund,))
        amounts.append(case.indicators.ledger.total(query).amount)
        amounts += (cell.stated.amount for cell in stated_cells(case, query) if cell.stated is not None)
    return max(amounts, key=abs)


def _about_expense(case: Case, prose: Prose, clause: re.Match[str]) -> Iterator[Result]:
    for name, pattern in EXPENSES.items():
        if pattern.search(clause[0]):
            final = getattr(case.facts.three_public, name).final
            message = (
                f"{prose.name}说「{clause[0].strip()[:30]}」，但{THREE_PUBLIC[name]}决算 {printed(final):,} 万元；"
                "请核对两处"
            )
            at = prose.at(clause.start())
            yield judged(good=not final, message=message, sources=(at, case.at("三公经费", THREE_PUBLIC[name])))


RULES = (empty_tables,)
