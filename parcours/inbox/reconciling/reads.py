"""What the nights' checks found."""

import uuid
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from parcours.inbox.reconciling.models import NightlyCheck
from parcours.inbox.reconciling.shapes import Finding
from parcours.inbox.reconciling.words import became, is_trouble, remedy, sentence

_KNOWN = frozenset(each.name for each in fields(Finding))


@dataclass(frozen=True, slots=True)
class CheckView:
    """`looked_at` is how much each part saw: accounts, arrivals, messages, conversations."""

    id: uuid.UUID
    began_at: datetime
    ended_at: datetime | None
    since: datetime
    looked_at: dict[str, int]
    findings: tuple[Finding, ...]

    @property
    def troubles(self) -> tuple[Finding, ...]:
        """Those that somebody has to look at."""
        return tuple(each for each in self.findings if is_trouble(each))

    @property
    def told(self) -> list[dict[str, Any]]:
        """The findings in words, what somebody has to look at first."""
        rows = sorted(self.findings, key=lambda each: not is_trouble(each))
        return [
            {
                "finding": each,
                "sentence": sentence(each),
                "became": became(each),
                "remedy": remedy(each),
                "is_trouble": is_trouble(each),
            }
            for each in rows
        ]


def newest(brand_id: uuid.UUID) -> CheckView | None:
    """The last one that came to its end."""
    return next(iter(checks(brand_id, limit=1)), None)


def checks(brand_id: uuid.UUID, *, limit: int = 14) -> tuple[CheckView, ...]:
    rows = NightlyCheck.objects.filter(brand_id=brand_id, ended_at__isnull=False).order_by("-began_at")
    return tuple(check_view(row) for row in rows[:limit])


def check_view(row: NightlyCheck) -> CheckView:
    findings = tuple(
        Finding(**{name: value for name, value in each.items() if name in _KNOWN}) for each in row.findings
    )
    return CheckView(row.pk, row.began_at, row.ended_at, row.since, dict(row.looked_at), findings)
