"""Last-year figures that a correction has changed unintended: given as a change (增减, 增减率) against this year's."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from builder.accounting import Accounts
from builder.accounts.definitions import plain_name
from builder.accounts.money import in_unit, plain
from builder.findings import Finding, Level
from builder.loading.unit import LAST_YEAR
from builder.releases.causes import Difference

VALUE, BEFORE = "值", "上年"


def restated(difference: Difference, accounts: Accounts) -> Iterator[Finding]:
    """Yield a warning for each last-year figure that moved with this year's; ``accounts`` are those compared with.

    Last year's accounts do not change because this year's were corrected, so the last-year figure itself is to be
    entered (or the change anew).
    """
    old, new = difference.old.manifest["指标"], difference.new.manifest["指标"]
    entered = {step for change in difference.inputs if change.file.endswith(f"/{LAST_YEAR}") for step in change.where}
    for key, given in accounts.unit_year.last_year.items():
        was, now = old.get(plain_name(key), {}), new.get(plain_name(key), {})
        if given.given == BEFORE or key in entered or BEFORE not in was or BEFORE not in now:
            continue
        if was[VALUE] != now[VALUE] and was[BEFORE] != now[BEFORE]:
            first, then = _shown(was[BEFORE]), _shown(now[BEFORE])
            yield Finding(
                f"「{key}」的上年数是按这里的「{given.given}」倒推的：本年数由 {_shown(was[VALUE])} 改为 "
                f"{_shown(now[VALUE])} 万元，上年数也就由 {first} 变成了 {then} 万元；"
                f"上年的数没有错的，请把这里改写成「{BEFORE}: {first}」（万元）",
                given.source, Level.WARNING,
            )


def _shown(value: str) -> str:
    """Return an amount of a manifest (元) in 万元, as it is entered."""
    return plain(in_unit(Decimal(value)))
