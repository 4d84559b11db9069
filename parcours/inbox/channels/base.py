"""What a channel is to the inbox. Each folder beside this one makes one `CHANNEL` of it."""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from parcours.core.errors import ParcoursError
from parcours.inbox.models import ChannelAccount, Conversation, Message

SettingKind = Literal["text", "secret", "address", "number", "check", "choice", "lines"]


@dataclass(frozen=True, slots=True)
class Setting:
    """A field of the form of an account. A `secret` is stored sealed and never shown again.

    `made` says that Parcours makes it up itself and shows it, to be entered at the platform. Settings of one
    `part` stand together, folded, under its name.
    """

    name: str
    label: str | Promise
    help: str | Promise = ""
    kind: SettingKind = "text"
    required: bool = True
    default: str = ""
    choices: Sequence[tuple[str, str | Promise]] = ()
    made: bool = False
    part: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A call of a platform at our door, before anybody believed it. Names of headers are in small letters.

    `url` is the address as the platform called it, as far as the proxy tells; `query` and `form` are what it
    carries, when it carries any.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Greeting:
    """An answer to a platform that only looks whether somebody is here."""

    status: int
    body: str = ""
    media_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Sender:
    """Whoever wrote: `external_id` as the account knows them. `identities` are by kind of identity (`email`,
    `phone`, `user_id`, `anonymous_id`) what is certain about them; without any they are known by the channel.
    `nameless`: the platform doesn't say who it was, so they are no customer, and no two are taken for one.
    """

    external_id: str
    name: str = ""
    handle: str = ""
    language: str = ""
    profile: Mapping[str, Any] = field(default_factory=dict)
    identities: Mapping[str, str] = field(default_factory=dict)
    nameless: bool = False


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file of a message: its `content`, or where the platform keeps it (`remote`, for `Channel.fetch`)."""

    name: str
    media_type: str
    content: bytes | None = None
    content_id: str = ""
    remote: Mapping[str, Any] = field(default_factory=dict)
    size: int = 0


@dataclass(frozen=True, slots=True)
class Published:
    """Stands for everybody to read, so it may be feedback: `name` of its event in the catalogue, its
    `properties` beside its words and author.
    """

    name: str = "Post Published"
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message from a customer, or (`echo`) one that the account sent by another way.

    `at` is the channel's own time of it. `thread` names the matter on channels that have several with one
    contact. `reply_to` are external ids of messages that it answers, the nearest first: the first one that is
    known decides the conversation. `context` says where it came from (`page`, `campaign`, `cart_id`,
    `order_id`, `post`).
    `account` is what the platform calls the account it is for, where one call tells of several.
    `automatic` was written by a machine (out of office): it is shown, and nothing answers it.
    """

    external_id: str
    sender: Sender
    at: datetime
    text: str = ""
    html: str = ""
    subject: str = ""
    files: Sequence[IncomingFile] = ()
    thread: str = ""
    reply_to: Sequence[str] = ()
    payload: Mapping[str, Any] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)
    echo: bool = False
    automatic: bool = False
    account: str = ""
    published: Published | None = None


@dataclass(frozen=True, slots=True)
class IncomingStep:
    """What became of a message that we sent: `delivered`, `read` or `failed`, by our `external_id`.

    `up_to` instead means all that was sent to the contact until then (Messenger's watermark).
    """

    step: str
    at: datetime
    external_id: str = ""
    contact: str = ""
    up_to: datetime | None = None
    fault: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True)
class IncomingChange:
    """The customer changed a message: new words, or (`deleted`) took it back. A reaction is one too.

    `published`: it stands for everybody to read, so it may be feedback and no message.
    """

    external_id: str
    at: datetime
    text: str | None = None
    deleted: bool = False
    reaction: str | None = None
    account: str = ""
    published: bool = False


Told = Incoming | IncomingStep | IncomingChange


@dataclass(frozen=True, slots=True)
class Missed:
    """Something the platform has and we don't: a call as it would have come, for `Channel.read`."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    name: str = ""


@dataclass(slots=True)
class Parts:
    """Of a message that leaves by several calls: what the platform took, in order, in this try and before.

    `note` keeps a name as soon as it is known, so that a try that goes on begins with the first part that
    wasn't taken.
    """

    before: Sequence[str] = ()
    note: Callable[[str], None] = lambda _name: None
    taken: list[str] = field(default_factory=list)

    def once(self, send: Callable[[], str]) -> None:
        """`send` hands the next part over and returns the platform's name for it."""
        if len(self.taken) < len(self.before):
            self.taken.append(self.before[len(self.taken)])
            return
        name = send()
        self.note(name)
        self.taken.append(name)

    def sent_as(self) -> "SentAs":
        return SentAs(self.taken[0], also=self.taken[1:]) if self.taken else SentAs("")


@dataclass(frozen=True, slots=True)
class Outbound:
    """A message to send. `key` stays the same over all tries; `files` are paths with name and media type.

    A channel that needs more than one call hands each over with `parts.once`, in the same order at each try.
    """

    key: str
    message: Message
    conversation: Conversation
    to: str
    text: str
    files: Sequence[tuple[str, str, str]] = ()
    subject: str = ""
    reply_to: Sequence[str] = ()
    parts: Parts = field(default_factory=Parts)


@dataclass(frozen=True, slots=True)
class SentAs:
    """The platform took it, under this name; where it took it as several, `also` under these."""

    external_id: str
    detail: str = ""
    also: Sequence[str] = ()


class TryLater(ParcoursError):  # noqa: N818 - reads as a sentence where it is raised
    """It couldn't be sent now; another try may work. `after` is what the platform asks for."""

    status = 503

    def __init__(self, what: str, *, after: timedelta | None = None) -> None:
        super().__init__(what)
        self.after = after


class NeverSent(ParcoursError):  # noqa: N818 - reads as a sentence where it is raised
    """The platform doesn't take this message, now or later: a person has to do something."""

    status = 422


class BadSignature(ParcoursError):  # noqa: N818 - reads as a sentence where it is raised
    """Whoever called isn't the platform, or the secret is another one."""

    status = 401


class NotUnderstood(ParcoursError):  # noqa: N818 - reads as a sentence where it is raised
    """It came from the platform, and nothing can be made of it."""

    status = 422


@dataclass(frozen=True, slots=True)
class Window:
    """Whether the account may write to the contact at this moment, and until when; `why` not, for people."""

    open: bool = True
    until: datetime | None = None
    why: str = ""
    templates: bool = False
    """Whether approved templates may be sent nevertheless."""


@dataclass(frozen=True, slots=True)
class Template:
    """A message that the platform approved beforehand; `places` are what its text leaves open, in order."""

    name: str
    language: str
    text: str
    places: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.name}/{self.language}"

    def filled(self, values: Sequence[str]) -> str:
        """The words as the customer will read them."""
        text = self.text
        for place, value in zip(self.places, values, strict=False):
            text = text.replace(f"{{{{{place}}}}}", value)
        return text


@dataclass(frozen=True, slots=True)
class Manner:
    """A way in which one answer may leave: under a comment, or in private. `why_not`, where it can't now."""

    name: str
    label: str | Promise
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that the platform lets us do to a message: hide a comment, like it. `undoes` is the name of
    the one that it takes back.
    """

    name: str
    label: str | Promise
    undoes: str = ""


class Channel:
    """A kind of channel. Subclasses say what they are and override what they can do.

    `event_channel` is the channel's name in the log of events. `threads`: several conversations with one
    contact may stand side by side.
    """

    # ruff: noqa: ARG002 - what a channel doesn't need, another one does

    kind: str
    label: str | Promise
    icon: str
    event_channel: str
    place: int = 50
    about: str | Promise = ""
    to_fetch: Sequence[str | Promise] = ()
    """What is to be had at the platform before the form can be filled in, a sentence a step."""
    settings: Sequence[Setting] = ()
    address: Setting | None = None
    """What an account is known by at the platform, where it is (a page's id, a number, a mail address)."""
    hook: str = ""
    """The `<kind>` of `POST /hooks/<kind>/<account id>`, for platforms that call us."""
    thanks: tuple[str, str] = ("", "")
    """What a call is answered with, and its media type, where the platform wants something of its own."""
    threads: bool = False
    has_subject: bool = False
    longest_text: int = 10_000
    file_types: Sequence[str] = ()
    """Media types that may be sent, with * for any; none: no files."""
    largest_file: int = 0

    def clean_address(self, text: str) -> str:
        """As it is stored. Raises BadInput for what can't be one."""
        return text.strip()

    def is_called(self, account: ChannelAccount) -> bool:
        """Whether the platform calls us, so that our address has to be entered there."""
        return bool(self.hook)

    def to_enter(self, account: ChannelAccount) -> Sequence[str]:
        """What is to be entered at the platform once the account is here, a sentence a step."""
        return ()

    def greet(self, account: ChannelAccount, request: Request) -> Greeting | None:
        """Answers a call that brings nothing (a platform's challenge); None when it brings something."""
        return None

    def check(self, account: ChannelAccount, request: Request) -> None:
        """Raises BadSignature unless the call is the platform's."""
        raise NotImplementedError

    def name_of(self, request: Request) -> str:
        """By what a call is known, so that the same again is kept once; empty for a digest of its body."""
        return ""

    def headers_kept(self, request: Request) -> dict[str, str]:
        """Those that `read` needs again; never a secret."""
        return {}

    def read(self, account: ChannelAccount, body: bytes, headers: Mapping[str, str]) -> Sequence[Told]:
        """Everything that a kept body tells, in its order. Raises NotUnderstood; what it doesn't know inside
        of an envelope that it does is shown as a message that can't be shown, or left out.
        """
        raise NotImplementedError

    def account_for(self, account: ChannelAccount, told: Told) -> uuid.UUID:
        """The account that something told belongs to, where one call tells of several.

        Raises NotUnderstood for one that isn't connected: it is kept, and read again when it is.
        """
        if not told.account or told.account == account.address:
            return account.pk
        others = ChannelAccount.objects.filter(brand_id=account.brand_id, kind=account.kind, removed_at=None)
        found = others.filter(address=told.account).values_list("pk", flat=True).first()
        if found is None:
            raise NotUnderstood(
                _("It is for the account {address}, which isn't connected here.").format(address=told.account)
            )
        return found

    def pull(self, account: ChannelAccount) -> None:
        """Asks the platform for what is new, where it doesn't call; called once a minute, one at a time."""

    def watch(self, account: ChannelAccount) -> None:
        """Called in a worker after each `pull`: may begin to listen, and ask for a pull when it hears
        something (`nudging.ask_to_pull`).
        """

    def missing_since(self, account: ChannelAccount, moment: datetime) -> Iterable[Missed]:
        """What the platform has of the time since then, and what never came here: asked once a night, where
        the platform can be asked. Raises ParcoursError when it can't at the moment.
        """
        return ()

    def fetch(self, account: ChannelAccount, remote: Mapping[str, Any]) -> bytes:
        """The content of a file that the platform keeps. Raises TryLater, NeverSent."""
        raise NotImplementedError

    def taken_as(self, key: str) -> str:
        """The name of a message that is sent by being stored, where we are the platform; else empty."""
        return ""

    def send(self, account: ChannelAccount, outbound: Outbound) -> SentAs:
        """Hands a message to the platform. Raises TryLater, NeverSent."""
        raise NotImplementedError

    def window(self, account: ChannelAccount, conversation: Conversation, moment: datetime) -> Window:
        """May the account write now?"""
        return Window()

    def manners(
        self, account: ChannelAccount, conversation: Conversation, moment: datetime
    ) -> Sequence[Manner]:
        """The ways in which one answer may leave, where there are several; the first is meant when nobody
        says. It stands in the payload as `manner`.
        """
        return ()

    def file_types_in(self, conversation: Conversation) -> Sequence[str]:
        """Which `file_types` an answer there may carry."""
        return self.file_types

    def templates(self, account: ChannelAccount) -> Sequence[Template]:
        """What may be sent while the window is closed. Raises TryLater, NeverSent."""
        return ()

    def as_template(self, template: Template, values: Sequence[str]) -> dict[str, Any]:
        """How the platform wants a template with its places filled: the payload's `template`."""
        raise NotImplementedError

    def deeds(self, payload: Mapping[str, Any]) -> Sequence[Deed]:
        """What may be done now on the platform to the message with this payload."""
        return ()

    def do(self, account: ChannelAccount, message: Message, name: str) -> None:
        """Does one of its `deeds`. Raises TryLater, NeverSent."""
        raise NotImplementedError

    def test(self, account: ChannelAccount) -> str:
        """Tries the account's settings and says in a sentence that they work. Raises ParcoursError."""
        return ""
