"""The subject lists (``templates/科目``) are whole in themselves, and hold what published documents print."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from builder.loading.subjects import load_subjects

ROOT = Path(__file__).parent.parent
LISTS = ROOT / "templates" / "科目"
PUBLISHED = Path(__file__).parent / "data" / "published_subjects.csv"
FULL_WIDTH = str.maketrans("()", "（）")
YEARS = sorted(path.stem for path in LISTS.glob("*.csv"))


class Row(NamedTuple):
    kind: str
    code: str
    name: str


class Printed(NamedTuple):
    unit: str
    year: str
    kind: str
    code: str
    name: str
    exception: str


@cache
def rows(year: str) -> tuple[Row, ...]:
    with (LISTS / f"{year}.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *found = csv.reader(file)
    assert header == ["分类", "代码", "名称"]
    return tuple(Row(*row) for row in found)


def names(year: str, kind: str) -> dict[str, str]:
    return {row.code: row.name for row in rows(year) if row.kind == kind}


def printed() -> list[Printed]:
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        _, *found = csv.reader(file)
    return [Printed(*row) for row in found]


def test_years() -> None:
    assert YEARS == ["2019", "2020", "2021", "2022", "2023", "2024"]


@pytest.mark.parametrize("year", YEARS)
class TestList:
    def test_kinds(self, year: str) -> None:
        assert {row.kind for row in rows(year)} == {"功能", "经济", "大类"}

    def test_codes_are_digits_of_their_level(self, year: str) -> None:
        shapes = {"功能": r"2\d{2}(\d{2}){0,2}", "经济": r"3\d{2}(\d{2})?", "大类": r"2\d{2}"}
        assert [row for row in rows(year) if not re.fullmatch(shapes[row.kind], row.code)] == []

    def test_codes_are_unique_and_sorted(self, year: str) -> None:
        for kind in ("功能", "经济", "大类"):
            codes = [row.code for row in rows(year) if row.kind == kind]
            assert codes == sorted(set(codes)), kind

    def test_each_code_has_its_parent(self, year: str) -> None:
        for kind in ("功能", "经济"):
            known = names(year, kind)
            assert [code for code in known if len(code) > 3 and code[:-2] not in known] == []

    def test_each_section_has_items(self, year: str) -> None:
        known = names(year, "功能")
        items = {code[:-2] for code in known if len(code) == 7}
        assert [code for code in known if len(code) == 5 and code not in items] == []

    def test_names_are_clean(self, year: str) -> None:
        assert [row for row in rows(year) if not row.name or re.search(r"[\s()\"',;:<>]", row.name)] == []

    def test_categories_are_functional_subjects(self, year: str) -> None:
        functional = names(year, "功能")
        assert [(code, name) for code, name in names(year, "大类").items() if functional.get(code) != name] == []

    def test_is_loaded_without_findings(self, year: str) -> None:
        subjects, findings = load_subjects(ROOT, int(year))
        assert findings == ()
        assert len(subjects.functional) == len(names(year, "功能"))


@pytest.mark.parametrize("year", ["2020", "2021", "2022"])
def test_categories_of_the_form(year: str) -> None:
    assert len(names(year, "大类")) == 26


def test_resource_category_was_renamed() -> None:
    assert names("2020", "大类")["215"] == "资源勘探信息等支出"
    assert names("2021", "大类")["215"] == "资源勘探工业信息等支出"


def test_pension_subjects_were_renamed() -> None:
    assert names("2019", "功能")["20805"] == "行政事业单位离退休"
    assert names("2020", "功能")["20805"] == "行政事业单位养老支出"


def test_special_bonds_begin_in_2020() -> None:
    assert not any(code.startswith("234") for code in names("2019", "功能"))
    assert names("2020", "功能")["2340101"] == "公共卫生体系建设"


class TestPublished:
    """What the five published documents print; the column 例外 says why a row is not in the list."""

    def test_there_are_documents_of_three_years(self) -> None:
        assert {row.year for row in printed()} == {"2020", "2021", "2022"}
        assert len({row.unit for row in printed()}) == 5

    def test_subjects_are_listed_in_their_year(self) -> None:
        coded = [row for row in printed() if row.code and not row.exception]
        listed = [row for row in coded if names(row.year, row.kind).get(row.code) == row.name.translate(FULL_WIDTH)]
        assert [row for row in coded if row not in listed] == []

    def test_categories_are_printed_in_the_list_order(self) -> None:
        for unit, year in {(row.unit, row.year) for row in printed()}:
            found = [row for row in printed() if (row.unit, row.kind) == (unit, "大类")]
            expected = list(names(year, "大类").values())[: len(found)]
            assert [row.name for row in found if not row.exception] == [
                name for row, name in zip(found, expected, strict=True) if not row.exception
            ], unit

    def test_exceptions_are_not_in_the_list(self) -> None:
        exceptions = [row for row in printed() if row.exception]
        assert [row.name for row in exceptions] == ["抗议特别国债安排的支出", "办公费"]
        assert [row for row in exceptions if Row(row.kind, row.code, row.name) in rows(row.year)] == []
        assert "抗议特别国债安排的支出" not in names("2020", "大类").values()
