"""All cross-checks of 绩效自评, in the order of a form: money, targets, points, grade; then against others."""

from __future__ import annotations

from . import (
    performance_forms,
    performance_grades,
    performance_money,
    performance_scores,
    performance_standards,
    performance_statements,
    performance_targets,
    performance_texts,
)

RULES = (
    *performance_money.RULES, *performance_targets.RULES, *performance_scores.RULES, *performance_standards.RULES,
    *performance_grades.RULES, *performance_forms.RULES, *performance_statements.RULES,
    *performance_texts.RULES,
)
