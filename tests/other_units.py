"""What an accountant does with a made-up unit: build it, write what is missing, and read the document back."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import yaml
from documents import NS, BuiltDocument, W, paragraph_text, style_of
from generated import GENERAL, Unit, printed, subjects

from builder.findings import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from documents import Grid

    from builder.building import Builder, Built

REASON = re.compile(r"请在 说明\.yaml 的「原因」下补写：(\S+): \{(\S+): ")
TEXT = re.compile(r"请在 说明\.yaml 的「文本」下补写：(\S+): ")
LONG = re.compile(r"请写在 content/\S+/(\S+\.md) 里|请在 content/\S+ 新建 (\S+\.md)")
WRITTEN = "按照规定开展工作"
ROUNDS = 4
TOTAL = "合计"
SIDES = ("左", "右")
CENT = Decimal("0.01")


class StuckError(AssertionError):
    """A unit cannot be published: what the program says does not tell the accountant what to write."""


def publish(builder: Builder, root: Path, unit: Unit) -> Built:
    """Build a release, writing what is asked for. Raises StuckError where that is not enough."""
    folder = root / "content" / unit.name / str(unit.year)
    written: dict[str, dict[str, object]] = {"原因": defaultdict(dict), "文本": {}}
    said: list[str] = []
    for _ in range(ROUNDS):
        try:
            return builder.build(unit.name, unit.year)
        except InputError as error:
            said = [str(finding) for finding in error.findings]
        wanted = 0
        for message in said:
            if found := REASON.search(message):
                written["原因"][found[1]][found[2]] = WRITTEN
            elif found := TEXT.search(message):
                written["文本"][found[1]] = WRITTEN
            elif found := LONG.search(message):
                (folder / (found[1] or found[2])).write_text(f"{WRITTEN}。\n", encoding="utf-8")
            else:
                continue
            wanted += 1
        if not wanted:
            break
        plain = {"原因": dict(written["原因"]), "文本": written["文本"]}
        text = yaml.safe_dump({key: value for key, value in plain.items() if value}, allow_unicode=True)
        (folder / "说明.yaml").write_text(text, encoding="utf-8")
    errors = [message for message in said if "警告：" not in message and "提示：" not in message]
    raise StuckError(f"{unit.style} {unit.seed} {sorted(unit.switches)}: " + "\n".join(errors))


# ---------------------------------------------------------------- tables


def number(text: str) -> Decimal | None:
    plain = text.replace(",", "")
    if not plain:
        return printed(0)
    return Decimal(plain) if re.fullmatch(r"-?\d+(\.\d+)?", plain) else None


def wrong_tables(unit: Unit, document: BuiltDocument) -> list[str]:
    """Return what the printed tables say otherwise than plain arithmetic."""
    books, tables = unit.books, document.tables
    names = [cell for row in tables["公开01"] for cell in row]
    income = [(code, amount) for (_, code), amount in books.income.items()]
    spent = [(code, amount) for (_, code, _), amount in books.spent.items()]
    general = [(code, amount) for (fund, code, _), amount in books.spent.items() if fund == GENERAL]
    closing = next((row[-1] for row in tables["公开01"] if any("年末结转和结余" in cell for cell in row)), "none")
    figures = books.indicators()
    return [
        *wrong_rows("公开02", tables["公开02"], unit.roll_up(income), books.total_income()),
        *wrong_rows("公开03", tables["公开03"], unit.roll_up(spent), books.total_spent()),
        *wrong_rows("公开05", tables["公开05"], unit.roll_up(general), books.total_spent(GENERAL)),
        *wrong_totals("公开01", tables["公开01"], figures["收支.总计"]),
        *wrong_totals("公开04", tables["公开04"], figures["财政拨款收支.总计"]),
        *wrong_cell("公开01 年末结转和结余", closing, books.carried(books.closing)),
        *(f"公开01: no {name}" for name in {class_name(unit, code) for code, _ in spent} if name not in "".join(names)),
        *(f"{name}: rows unlike" for name, grid in tables.items() if len({len(row) for row in grid}) != 1),
    ]


def wrong_rows(name: str, table: Grid, expected: dict[str, int], total: int) -> list[str]:
    """Return what is wrong in a table by subjects: its rows, the first amount of each, and its total."""
    rows: dict[str, str] = {}
    wrong = []
    for row in table:
        code, *cells = [cell for cell in row if cell] or [""]
        if re.fullmatch(r"\d{3}|\d{5}|\d{7}", code):
            wrong += [f"{name} {code} stands twice"] if code in rows else []
            rows[code] = next((cell for cell in cells if number(cell) is not None), "")
        elif TOTAL in row and not re.search(r"[1-9]、|收入合计|支出合计", "".join(row)):
            after = (cell for cell in row[row.index(TOTAL) + 1 :] if cell)
            wrong += wrong_cell(f"{name} {TOTAL}", next(after, ""), total)
    wrong += [f"{name}: row of {code}" for code in sorted(rows.keys() ^ expected.keys())]
    shared = rows.keys() & expected.keys()
    return wrong + [fault for code in shared for fault in wrong_cell(f"{name} {code}", rows[code], expected[code])]


def wrong_totals(name: str, table: Grid, total: int) -> list[str]:
    """Return what is wrong in the last row of a table of two sides."""
    last = next(row for row in reversed(table) if "总计" in row[0])
    shown = [cell for cell in last if "." in cell and number(cell) is not None]
    if len(shown) < len(SIDES) and total:
        return [f"{name} 总计: {last}"]
    return [fault for cell in shown[: len(SIDES)] for fault in wrong_cell(f"{name} 总计", cell, total)]


def wrong_cell(place: str, shown: str, cents: int) -> list[str]:
    """Return what is wrong with one amount."""
    return [] if number(shown) == printed(cents) else [f"{place}: {shown!r}, not {printed(cents)}"]


def class_name(unit: Unit, code: str) -> str:
    return subjects(unit.year)["功能"][code[:3]]


# ---------------------------------------------------------------- words

BAD = {
    "minus zero": r"(?<![\d.])-0(\.0+)?(?![\d.])",
    "None": r"None|nan|Undefined",
    "marker": r"【|】|\{\{|\}\}|\{%",
    "punctuation": r"。。|，，|，。|。，|；。|，；|；；|、。|、、|：。|：，|，：|^[，。；、]|。；|（）",
    "sign": r"(增长|下降|增加|减少)-",
    "grown and less": r"(增加|大于)[\d.,]+万元，(下降|减少)|(减少|小于)[\d.,]+万元，(增长|增加)",
}
ZERO = r"(?<![\d.,])0\.00(?!\d)"
PLAIN_ZERO = ("湖北", "河南")
"""Forms that print no 0.00 in sentences."""


def bad_words(unit: Unit, document: BuiltDocument) -> list[str]:
    """Return the sentences of 第三部分 that no one would write."""
    lines = prose(document)
    patterns = BAD | ({"0.00": ZERO} if unit.style in PLAIN_ZERO else {})
    bad = [f"{what}: {line}" for line in lines for what, pattern in patterns.items() if re.search(pattern, line)]
    styles = heading_styles(document)
    headings = {paragraph_text(p) for p in document.body.iter(f"{W}p") if style_of(p) in styles}
    numbered = {heading for heading in headings if re.match(r"\d+\.", heading)}
    follows = zip(lines, [*lines[1:], ""], strict=True)
    headings -= numbered
    bad += [f"nothing follows: {line}" for line, after in follows if line.endswith("：") and after in headings]
    return bad + [f"nothing under: {line}" for line, after in pairwise(lines) if is_empty(line, after)]


def is_empty(line: str, after: str) -> bool:
    """Return whether a section ends where it begins: its heading is followed by the next one of the same kind."""
    kinds = (r"[一二三四五六七八九十]+、\S+$", r"（[一二三四五六七八九十]+）[^，。\d]+。?$")
    return any(re.match(kind, line) and re.match(kind, after) for kind in kinds) and line[0] + after[0] != "（一"


def heading_styles(document: BuiltDocument) -> set[str]:
    """Return the ids of the styles with an outline level."""
    found = document.xml("word/styles.xml").xpath("w:style[w:pPr/w:outlineLvl]", namespaces=NS)
    return {style.get(f"{W}styleId") for style in found}


def prose(document: BuiltDocument) -> list[str]:
    """Return the paragraphs of 第三部分, without tables and contents."""
    found, on = [], False
    for line in document.lines:
        if line.startswith("目录\t"):
            continue
        if line.startswith("第"):
            on = line.startswith("第三部分")
        elif on and "\t" not in line:
            found.append(line)
    return found


MORE, LESS, SAME = r"增加|增长|大于", r"减少|下降|小于", r"持平|无增减|一致|增加0\.00"
SENTENCES = {
    "湖北": {
        "收支.总计": r"年度相比，(收、支总计[^，。]*)",
        "收入.合计": r"年度相比，(收入合计[^，。]*)",
        "支出.合计": r"年度相比，(支出合计[^，。]*)",
        "财政拨款收支.总计": r"年度相比，(财政拨款收、支总计[^，。]*)",
        "一般公共预算支出.合计": r"年度相比，(一般公共预算财政拨款支出[^，。]*)",
        "财政拨款收入.一般公共预算": r"中，一般公共预算财政拨款收入[^，]*万元，([^，。]*)",
        "财政拨款收入.政府性基金预算": r"。政府性基金预算财政拨款收入[^，]*万元，([^，。]*)",
        "三公.公务接待费": r"^3\.公务接待费预算为.*?决算数(较上年[^，。]*|与上年持平)",
    },
    "厦门": {
        "收入.合计": r"^（一）\d+年收入[^，]*，([^，。]*)",
        "支出.合计": r"^（二）\d+年支出[^，]*，([^，。]*)",
        "一般公共预算支出.合计": r"^\d+年一般公共预算拨款支出[^，]*，([^，。]*)",
    },
    "宁德": {
        "收入.合计": r"^（一）\d+年度收入[^，]*，([^，。]*)",
        "支出.合计": r"^（二）\d+年度支出[^，]*，([^，。]*)",
        "一般公共预算支出.合计": r"^\d+年度一般公共预算财政拨款支出[^，]*，([^，。]*)",
        "政府性基金.本年支出": r"^\d+年度政府性基金支出[^，]*，([^，。]*)",
    },
    "河南": {
        "收支.总计": r"与上年度相比，(收、支总计[^，。]*)",
        "财政拨款收支.总计": r"与上年度相比，(财政拨款收、支总计[^，。]*)",
        "一般公共预算支出.合计": r"与上年度相比，(一般公共预算财政拨款支出[^，。]*)",
    },
    "陕西": {
        "收入.合计": r"^\d+年收入[\d.-]+万元，([^，。]*)",
        "支出.合计": r"^\d+年支出[\d.-]+万元，([^，。]*)",
        "财政拨款收入.合计": r"^\d+年财政拨款收入[\d.-]+万元，([^，。]*)",
        "财政拨款支出.合计": r"^\d+年财政拨款支出[\d.-]+万元，([比与]上年[^，。]*)",
    },
}
"""Where each form speaks of a figure against last year's, by the sentence around it."""


def wrong_directions(unit: Unit, document: BuiltDocument) -> list[str]:
    """Return the comparisons whose words do not agree with the signs."""
    lines, wrong = prose(document), []
    this = unit.books.indicators()
    for name, pattern in SENTENCES[unit.style].items():
        found = next((m for line in lines if (m := re.search(pattern, line))), None)
        value, base = printed(this[name]), printed(unit.last[name])
        if found is None and not value and not base:
            continue  # a form may say nothing of nothing
        if found is None:
            wrong.append(f"{name}: no sentence")
            continue
        clause = found[found.lastindex]
        expected = MORE if value > base else LESS if value < base else SAME
        if not re.search(expected, clause) or (value != base and f"{abs(value - base):f}" != amount_in(clause)):
            wrong.append(f"{name}: {value} against {base}: {clause}")
    return wrong


def amount_in(clause: str) -> str:
    found = re.search(r"-?[\d,]+(\.\d+)?(?=万元)", clause)
    return f"{number(found[0]):.2f}" if found else ""


def wrong_parts(document: BuiltDocument) -> list[str]:
    """Return the sentences where basic expenditure, as printed, is not its two parts."""
    found = (
        re.match(r"1\.基本支出(\S+)万元。其中，人员支出(\S+)万元，公用支出(\S+)万元", line) for line in prose(document)
    )
    sums = [[number(text) for text in match.groups()] for match in found if match]
    return [f"基本支出: {whole} = {parts}" for whole, *parts in sums if abs(whole - sum(parts)) > CENT]


def faults(unit: Unit, document: BuiltDocument) -> list[str]:
    """Return everything wrong with a unit's document."""
    return (
        wrong_tables(unit, document)
        + bad_words(unit, document)
        + wrong_directions(unit, document)
        + wrong_parts(document)
    )
