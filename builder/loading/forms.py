"""绩效 forms: files of a unit-year that fill in one of the 绩效表 that the unit's style declares, or a printed form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from builder.accounts.forms import Form
from builder.accounts.printed_forms import PRINTED, PrintedForm
from builder.findings import Finding

from .document import Document
from .reader import amount_unit
from .structure import meant_by
from .unit import PERFORMANCE_PLACES
from .validation import validate

KIND = "表"


def fill_in(
    documents: Iterable[Document], models: Mapping[str, type[Form]]
) -> tuple[tuple[Form, ...], list[Finding]]:
    """Return the forms in the order of 顺序, then of file names, and everything that is wrong in them.

    ``models`` are the style's, by 表; printed forms (公开自评表) are known in every style.
    """
    models = {**models, PRINTED: PrintedForm}
    filled: list[tuple[Decimal, str, Form]] = []
    findings: list[Finding] = []
    for document in documents:
        kind = document.data.get(KIND) if isinstance(document.data, dict) else None
        model = models.get(kind) if isinstance(kind, str) else None
        if model is None:
            findings.append(Finding(unknown(kind, models), document.positions.nearest((KIND,))))
            continue
        form, wrong = validate(model, document, {"unit": amount_unit(document), "places": PERFORMANCE_PLACES})
        findings += wrong
        if form is not None:
            form.read_from(document.path)
            filled.append((form.order, document.path, form))
    filled.sort(key=lambda item: item[:2])
    return tuple(form for _, _, form in filled), findings


def unknown(kind: object, models: Iterable[str]) -> str:
    """Say that the style has no such form, and which one was probably meant."""
    known = list(models)
    meant = meant_by(kind, known) if isinstance(kind, str) else None
    hint = f"是不是「{meant}」？" if meant else f"可填的绩效表：{'、'.join(known)}"
    return f"「{KIND}」写作「{kind}」，格式里没有这种绩效表；{hint}"
