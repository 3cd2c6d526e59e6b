"""A style's own cross-checks: ``checks.yaml`` beside ``style.yaml``, with those of the styles it inherits from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from builder.accounts.definitions import Definition, plain_name
from builder.checks.case import OwnRule
from builder.checks.own import ChecksFile, declared_rules, names_of
from builder.checks.rules import RULES
from builder.findings import Finding, Level
from builder.loading.validation import validate
from builder.loading.yaml_reader import read_yaml
from builder.style_checks import KnownNames
from builder.style_sheet import StyleSheet
from builder.wording.phrasing import among

CHECKS_FILE = "checks.yaml"


@dataclass(frozen=True, slots=True)
class StyleRules:
    """The rules that a style adds, the severities that it sets, and the files (with SHA-256) that say so."""

    rules: tuple[OwnRule, ...] = ()
    severities: Mapping[str, Level] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)


NO_RULES = StyleRules()


def load_rules(
    root: Path, folders: Sequence[Path], sheet: StyleSheet, definitions: Mapping[str, Definition],
    findings: list[Finding],
) -> StyleRules:
    """Read ``checks.yaml`` of a style and of those it inherits from (``folders``, itself first).

    A rule of the same 编号 replaces an inherited one. What is wrong is added to ``findings``.
    """
    known = KnownNames(definitions, frozenset(map(plain_name, sheet.zero_unless_given)))
    rules: dict[str, OwnRule] = {}
    severities: dict[str, Level] = {}
    inputs: dict[str, str] = {}
    for folder in reversed(folders):
        if not (folder / CHECKS_FILE).is_file():
            continue
        document = read_yaml(folder / CHECKS_FILE, root)
        findings += document.findings
        inputs[document.path] = document.sha256
        file, wrong = validate(ChecksFile, document)
        findings += wrong
        if file is None:
            continue
        places = document.positions
        declared, unreadable = declared_rules(file, places)
        findings += unreadable
        for rule in declared:
            taken = rule.id in {each.id for each in RULES} or [each.id for each in declared].count(rule.id) > 1
            if taken:
                findings.append(Finding(f"规则编号「{rule.id}」已经有了；请换一个编号", rule.source))
            for name in names_of(rule):
                if name not in known:
                    message = f"规则「{rule.title}」用到「{name}」，没有这个指标；{among(name, known.listed())}"
                    findings.append(Finding(message, rule.source))
        rules |= {rule.id: rule for rule in declared}
        ids = [*(each.id for each in RULES), *rules]
        for name, level in file.severities.items():
            if name not in ids:
                message = f"没有编号「{name}」的规则；{among(name, ids)}"
                findings.append(Finding(message, places.nearest(("级别", name))))
            severities[name] = Level(level)
    return StyleRules(tuple(rules.values()), severities, inputs)
