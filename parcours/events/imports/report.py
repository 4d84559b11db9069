from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file's rows.

    `read` = `stored` + `already_there` + `rejected` + `combined` + `profiles`, always: `combined` are the
    further lines of an order, which together make one event, and `profiles` messages that say who a customer
    is and are no event.
    """

    import_id: str
    file: str
    format: str
    read: int = 0
    stored: int = 0
    already_there: int = 0
    rejected: int = 0
    combined: int = 0
    profiles: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    rejects_path: Path | None = None
    notices: tuple[str, ...] = ()
    generation: int = 0
    seconds: float = 0.0

    def counts(self) -> dict[str, Any]:
        """The numbers alone, for the record of the import."""
        names = ("read", "stored", "already_there", "rejected", "combined", "profiles", "reasons")
        return {name: getattr(self, name) for name in names}

    def as_json(self) -> dict[str, Any]:
        values = asdict(self)
        return values | {
            "rejects_path": str(self.rejects_path) if self.rejects_path else None,
            "notices": list(self.notices),
        }
