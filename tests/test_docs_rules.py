"""The list of cross-checks in the documentation is that of the program.

It is written anew by ``python tests/test_docs_rules.py`` (with the repository in PYTHONPATH).
"""

from __future__ import annotations

from workspaces import ROOT

from builder.checks.rules import RULES

LIST = ROOT / "docs" / "勾稽规则.md"
HEAD = """\
# 勾稽规则

`juesuan check` 核对的各条规则。编号用在 `checks.yaml` 的「级别」里（见[格式说明](../templates/README.zh-CN.md)）；
这里的级别是程序自带的，格式可以改。每条规则的结果是成立、不成立、不适用或无法判断；尾差不算错。

| 编号 | 级别 | 规则 | 公式 |
| --- | --- | --- | --- |
"""


def listed() -> str:
    """Return the document as it should be."""
    return HEAD + "".join(
        f"| {rule.id} | {rule.severity} | {rule.title}。{rule.meaning} | {rule.formula} |\n" for rule in RULES
    )


def test_the_list_of_rules_is_current() -> None:
    assert LIST.read_text(encoding="utf-8") == listed()


if __name__ == "__main__":
    LIST.write_text(listed(), encoding="utf-8")
