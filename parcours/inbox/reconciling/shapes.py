"""What a look at the inbox found."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """`number` were wrong, `mended` of them are right now. `account` is an id, empty for the whole brand;
    `examples` are ids of a few of them, `detail` what somebody said about it.
    """

    kind: str
    number: int
    mended: int = 0
    account: str = ""
    account_name: str = ""
    detail: str = ""
    examples: list[str] = field(default_factory=list)

    @property
    def left(self) -> int:
        return self.number - self.mended

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(slots=True)
class Look:
    """What a check saw (`seen` of them) and found."""

    seen: int = 0
    findings: list[Finding] = field(default_factory=list)

    def found(self, kind: str, ids: list[str], *, mended: int = 0, **more: str) -> None:
        if ids:
            self.findings.append(Finding(kind, len(ids), mended, examples=ids[:5], **more))
