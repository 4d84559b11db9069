import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ShareView:
    """A share as its makers see it: never its secret. `segment` is a segment's key, `period` a period's."""

    id: uuid.UUID
    journey_id: uuid.UUID
    name: str
    has_password: bool
    with_numbers: bool
    period: str
    segment: str
    journeys: tuple[uuid.UUID, ...]
    origins: tuple[str, ...]
    expires_at: datetime | None
    revoked_at: datetime | None
    made_by: str
    made_at: datetime
    opened: int
    last_opened_at: datetime | None
    is_over: bool
    """Expired or revoked."""

    @property
    def opens(self) -> frozenset[uuid.UUID]:
        """The journeys that it lets people see."""
        return frozenset({self.journey_id, *self.journeys})


@dataclass(frozen=True, slots=True)
class NewShare:
    """A share just made, with the secret of its address: it is shown this once."""

    share: ShareView
    token: str

    @property
    def path(self) -> str:
        return f"/s/{self.token}/"


@dataclass(frozen=True, slots=True)
class OpenShare:
    """A share whose secret somebody showed, with its brand. `stamp` changes with the password."""

    share: ShareView
    brand_id: uuid.UUID
    stamp: str
