"""The published self-evaluation forms as YAML (绩效/*.yaml) against their printed rows (自评表*.tsv, 自评说明*.txt).

The rows are the print as transcribed, line by line and cell by cell, a merged cell once where it begins.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from builder.accounts.printed_forms import PrintedForm
from builder.loading.forms import fill_in
from builder.loading.yaml_reader import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HERE = Path(__file__).resolve().parent
FILES = {f"{path.parts[-3]}/{path.stem[0]}": path for path in sorted(HERE.glob("*/绩效/*.yaml"))}
"""Document / number of the form → its file."""
ROWS = {
    f"{path.parent.name}/{path.stem[-1]}": path
    for pattern in ("自评表*.tsv", "自评说明*.txt")
    for path in HERE.glob(f"*/{pattern}")
}
"""Document / number → the printed rows; 自评说明 are paragraphs that state a form's figures in the text."""
FORMS = sorted(name for name, path in ROWS.items() if path.suffix == ".tsv")
STATED = sorted(ROWS.keys() - FORMS)

BLANK = set((HERE / "空白表.txt").read_text(encoding="utf-8").splitlines())
"""What the blank forms print."""
IN_LABELS = [
    re.compile(pattern)
    for pattern in (
        r"[（(](\d{4})年度[)）]",
        r"填报日期 (.+)",
        r"(?:评价层次|评价类型|项目名称|项目承担单位|项目主管部门|部门（单位）名称|单位名称)：(.+)",
        r"预算执行情况（万元）[（(](\d+)分[)）]",
        r"得分\((.+)\)",
    )
]
"""Labels with a value in the same cell: the group."""
BY_COLUMN = {"其中:上级财政资金": 3, "市级财政资金": 3, "其它": 3}
REPEATED = {"003/1": {"产出指标": 2}, "004/2": BY_COLUMN, "004/3": BY_COLUMN, "004/4": BY_COLUMN}
"""Labels that are printed more often than they are written: at each 二级指标, beside each column."""
UNNAMED = {"002/2"}
"""Forms that do not print the unit's name, which a file must have."""
COLUMNS = {
    "third": "三级指标 三级指标（绩效目标内容） 三级指标(绩效目标内容) 指标内容",
    "target": "年度目标值 年度指标值 年初目标值 年初目标值(A) 指标(目标)值 指标值",
    "actual": "实际完成值 实际完成值(B) 全年完成值",
    "completion": "完成比例",
    "points": "指标分值 分值",
    "score": "自评得分 得分",
    "standard": "评分标准",
    "score_reason": "得扣分原因",
    "deviation": "偏差原因分析及改进措施 未完成原因和改进措施 未完成原因分析与改进措施"
    " 实际完成值发生偏差原因分析及改进措施",
    "explanation": "指标说明 指标值说明",
    "formula": "指标值计算公式和数据获取方式",
}
"""Field of an indicator → the heads of its column."""
MONEY_COLUMNS = {
    "000": "initial budget executed execution_rate points score",
    "001": "budget initial adjustment arrived arrival_rate document executed execution_rate balance",
    "002": "budget executed execution_rate",
    "003": "budget executed execution_rate score",
    "004": "initial budget executed execution_rate balance",
}
"""The columns of the money block, from left to right."""
LAST = {"总分", "总分值、评价总分（S）", "绩效自评综合得分", "备注:"}
"""How the line after the indicators begins."""


def load(name: str) -> PrintedForm:
    document = read_yaml(FILES[name], HERE)
    (form,), findings = fill_in([document], {})
    assert not document.findings
    assert not findings
    assert isinstance(form, PrintedForm)
    return form


def rows(name: str) -> list[list[str]]:
    return [line.split("\t") for line in ROWS[name].read_text(encoding="utf-8").splitlines()]


def printed(name: str) -> Counter[str]:
    """Return the filled-in cells of a form's rows."""
    cells = (cell for row in rows(name) for cell in row)
    values = (next((found[1] for label in IN_LABELS if (found := label.fullmatch(cell))), cell) for cell in cells)
    return Counter(value for value in values if value and value not in BLANK) - Counter(REPEATED.get(name, {}))


def written(form: PrintedForm, *, named: bool) -> Counter[str]:
    """Return the cells that a form has by its file."""
    cells = [form.title, form.year, form.filled_in, form.execution_points, form.execution_score]
    cells += [form.done, form.not_done_reason, form.total_points, form.total, form.scale or form.grade]
    cells += [form.name] if named else []
    cells += [value for line in form.money for value in others(line, "level", "group")]
    cells += heads((line.group,) for line in form.money)
    cells += [value for line in form.spending for value in others(line)]
    cells += [text.text for text in form.texts]
    weights = {head.name: f"{head.name}({head.weight})" for head in form.heads}
    for lines in (form.goals, form.indicators):
        cells += heads((weights.get(line.first, line.first), line.second) for line in lines)
        cells += [value for line in lines for value in others(line, "first", "second")]
    return Counter(cell for cell in cells if cell)


def others(line: object, *left_out: str) -> Iterator[str]:
    """Yield the values of a line but for those named."""
    return (value for key, value in vars(line).items() if key not in left_out)


def heads(lines: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield the merged labels of lines, each once for all the lines that it spans."""
    last: tuple[str, ...] = ()
    for line in lines:
        yield from (label for depth, label in enumerate(line) if line[: depth + 1] != last[: depth + 1])
        last = line


def indicator_rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the indicators of a form's rows by the heads of their columns."""
    lines = iter(rows(name))
    head = next(line for line in lines if "二级指标" in "\t".join(line))
    fields = {heads: field for field, text in COLUMNS.items() for heads in text.split()}
    columns = {fields[cell]: number for number, cell in enumerate(head) if cell in fields}
    for line in lines:
        if LAST & set(line[:2]):
            return
        yield {field: line[number] for field, number in columns.items()}


def test_each_form_has_its_rows_and_its_file() -> None:
    assert Counter(name[:3] for name in FORMS) == {"000": 3, "001": 6, "002": 2, "003": 4, "004": 4}
    assert FILES.keys() == ROWS.keys()


@pytest.mark.parametrize("name", FORMS)
def test_every_cell_of_a_form_and_no_other_is_written(name: str) -> None:
    cells, claimed = printed(name), written(load(name), named=name not in UNNAMED)
    assert (cells - claimed, claimed - cells) == (Counter(), Counter())


@pytest.mark.parametrize("name", FORMS)
def test_each_value_of_an_indicator_stands_in_its_column(name: str) -> None:
    expected = list(indicator_rows(name))
    assert len(expected) >= 4
    assert [{field: vars(line)[field] for field in expected[0]} for line in load(name).indicators] == expected


@pytest.mark.parametrize("name", FORMS)
def test_the_figures_of_a_line_of_money_stand_in_their_order(name: str) -> None:
    for line in load(name).money:
        labels = {*BLANK, line.name, line.group, ""}
        columns = (getattr(line, field) for field in MONEY_COLUMNS[name[:3]].split())
        figures = [[cell for cell in row if cell not in labels] for row in rows(name)]
        assert [value for value in columns if value] in figures


@pytest.mark.parametrize("name", FORMS)
def test_the_cells_of_a_goal_stand_in_their_order(name: str) -> None:
    printed_rows = [[cell for cell in row if cell] for row in rows(name)]
    for goal in load(name).goals:
        cells = [value for value in others(goal, "first", "second") if value]
        assert cells in [row[-len(cells) :] for row in printed_rows]


@pytest.mark.parametrize("name", FORMS)
def test_texts_are_named_as_printed(name: str) -> None:
    cells = [cell for row in rows(name) for cell in row if cell]
    assert [text.name for text in load(name).texts if not any(cell.startswith(text.name) for cell in cells)] == []


@pytest.mark.parametrize("name", [name for name in FORMS if name.startswith("001")])
def test_the_grade_is_the_ticked_one(name: str) -> None:
    form = load(name)
    assert re.findall("☑(.)", form.scale) == [form.grade]


@pytest.mark.parametrize("name", STATED)
def test_what_a_text_states_is_written_as_it_stands_there(name: str) -> None:
    form, paragraphs = load(name), [line for row in rows(name) for line in row]
    texts = [text.text for text in form.texts]
    assert [line for line in paragraphs if line not in texts and form.title not in line] == []
    assert [text for text in texts if text not in paragraphs] == []
    stated = "".join(texts)
    values = [form.total, *(value for line in (*form.money, *form.indicators) for value in others(line, "level"))]
    unfounded = (value for value in values if not re.search(rf"(?<![\d.]){re.escape(value)}(?!\.?\d)", stated))
    assert [value for value in unfounded if value] == []
