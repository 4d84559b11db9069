"""Events as tests tell them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Happened:
    """An event some days ago."""

    user: str
    name: str
    days_ago: float
    channel: str = "web"
    country: str = "FR"
    properties: dict[str, str] = field(default_factory=dict, hash=False)


Store = Callable[[Sequence[Happened]], None]
