"""The shapes of queues, agents and rules in the API."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema

Name = Annotated[str, Field(min_length=1, max_length=80)]
Values = list[Annotated[str, Field(max_length=120)]]


class RoutingOut(Schema):
    """`assigns`: conversations are handed out by themselves. `revision` is what `If-Match` names."""

    assigns: bool
    sticky: bool
    revision: int


class RoutingIn(Schema):
    assigns: bool
    sticky: bool = Field(True, description="First to whoever answered this customer before.")


class QueueIn(Schema):
    name: Name
    members: list[UUID] = []
    answered_by: Literal["everybody", "members", "nobody", ""] = Field(
        "",
        description="Without it: its members, or everybody if it never had any. The last members of a queue"
        " are only taken out with a word about whose it is then.",
    )
    strategy: Literal["least_busy", "longest_idle"] = "least_busy"
    hours: UUID | None = Field(None, description="Its business hours; without, the account's or the brand's.")
    answer_within: int | None = Field(
        None, ge=10, le=86_400, description="Seconds after which an unanswered chat goes to somebody else."
    )
    overflow: UUID | None = Field(None, description="The queue into which what waits too long goes on.")
    after_minutes: int | None = Field(None, ge=1, le=10_080)


class QueueOut(QueueIn):
    """With how it stands now: `waiting` have nobody yet, the first of them since `longest_wait`."""

    id: UUID
    is_default: bool
    revision: int
    waiting: int
    longest_wait: datetime | None
    oldest_due: datetime | None
    assigned: int
    deserted: bool = Field(description="None of its members answers customers: what comes in waits.")
    agents_online: int


class QueueList(Schema):
    items: list[QueueOut]


class AgentOut(Schema):
    """`load` counts what keeps them busy, by kind of channel; `room` is for how many more they have room."""

    person: UUID
    name: str
    state: Literal["online", "away", "offline"]
    reason: str
    since: datetime | None
    languages: list[str]
    skills: list[UUID]
    kinds: list[str]
    capacity: int
    most: dict[str, int]
    load: dict[str, int]
    room: int
    queues: list[UUID]
    revision: int = Field(description="Of what they can take; 0 when nothing was said yet.")


class AgentList(Schema):
    items: list[AgentOut]


class ProfileIn(Schema):
    """What somebody can take. Of languages and kinds of channels none means all."""

    languages: list[Annotated[str, Field(max_length=8)]] = []
    skills: list[UUID] = []
    kinds: list[Annotated[str, Field(max_length=16)]] = []
    capacity: int = Field(12, ge=0, le=200)
    most: dict[str, Annotated[int, Field(ge=0, le=200)]] = {}


class PresenceIn(Schema):
    """Say it again every other minute, or the person counts as gone: their desk says so by itself."""

    state: Literal["online", "away", "offline"]
    reason: str = Field("", max_length=80)


class PresenceOut(Schema):
    person: UUID
    state: Literal["online", "away", "offline"]
    reason: str
    since: datetime | None


class SkillIn(Schema):
    name: Annotated[str, Field(min_length=1, max_length=60)]


class SkillOut(Schema):
    id: UUID
    name: str


class SkillList(Schema):
    items: list[SkillOut]


class ConditionsIn(Schema):
    """All must hold; of several values, any one will do. What is left out doesn't matter."""

    channels: Values = []
    accounts: Values = []
    languages: Values = []
    words: Annotated[Values, Field(description="Parts of the subject or the first message.")] = []
    pages: Annotated[Values, Field(description="Parts of the address of the page it was written on.")] = []
    topics: Values = []
    customers: list[Literal["known", "new"]] = []
    segments: Annotated[Values, Field(description="Keys of segments of what is known about customers.")] = []


class RuleIn(Schema):
    name: Name
    conditions: ConditionsIn = ConditionsIn()
    queue: UUID | None = None
    skills: list[UUID] = []
    priority: Literal[-1, 0, 1] | None = None
    language: str = Field("", max_length=8)
    enabled: bool = True


class RuleOut(Schema):
    id: UUID
    name: str
    enabled: bool
    conditions: dict[str, list[str]]
    queue: UUID | None
    skills: list[UUID]
    priority: int | None
    language: str
    revision: int


class RuleList(Schema):
    """In the order in which they are tried."""

    items: list[RuleOut]


class OrderIn(Schema):
    rules: list[UUID] = Field(max_length=200)


class MoveIn(Schema):
    queue: UUID


class TryIn(Schema):
    """A conversation that might begin."""

    account: UUID
    text: str = Field("", max_length=5_000)
    language: str = Field("", max_length=8)
    page: str = Field("", max_length=500)
    customer: Literal["known", "new"] = "new"
    segments: list[str] = []


class TriedOut(Schema):
    """`failed` is the condition that doesn't hold."""

    rule: UUID
    name: str
    holds: bool
    failed: str


class TrialOut(Schema):
    """`agent` would get it now, `why` says why; empty when it would wait."""

    queue: UUID
    rule: UUID | None
    tried: list[TriedOut]
    agent: str
    why: str
    able: int
