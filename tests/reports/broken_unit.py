"""The example unit with mistakes of every kind, each made by one change of one file, and what a reader is to find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workspaces import UNIT, WorkspaceCopy

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "<script>document.title='注入'</script>\"'><b id=x>=1+1"
EVALUATION = "绩效/1基本医疗经办.yaml"


def make_broken(root: Path) -> WorkspaceCopy:
    copy = WorkspaceCopy.make(root)
    # a stated total with two figures changed about: 972.73
    copy.edit("公开表.yaml", "  右.卫生健康支出: {金额: 972.73}", "  右.卫生健康支出: {金额: 927.73}")
    # a row that the table does not have
    total = "  合计: {本年支出合计: 1067.01}\n"
    copy.edit("公开表.yaml", total, f"{total}  2080199: {{本年支出合计: 3.00}}\n")
    # a decimal point in the wrong place: 4.13
    copy.edit("决算.yaml", "  30201: 4.13\n", "  30201: 41.30\n")
    # more than what it is a part of: 19.81
    copy.edit("决算.yaml", "授予小微企业: 19.81", "授予小微企业: 20.01")
    # more points than there are: 10
    target = "三级指标: 业务办理时限, 年初目标值: 按时办结, 实际完成值: 按时办结, 分值: 10, 得分: "
    copy.edit(EVALUATION, f"{target}10", f"{target}12")
    return copy


def with_hostile_names(copy: WorkspaceCopy) -> None:
    quoted = "'" + HOSTILE.replace("'", "''") + "'"
    card = f"content/{UNIT}/单位.yaml"
    copy.edit(card, f"名称: {UNIT}", f"名称: {quoted}")
    copy.edit(EVALUATION, "项目名称: 基本医疗（含生育）业务经办管理", f"项目名称: {quoted}")
