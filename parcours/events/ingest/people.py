"""Who the messages are about: identities joined and looked up, profiles written, consents noted."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from parcours.accounts.models import Brand
from parcours.accounts.rights import system_actor
from parcours.core.clock import now
from parcours.customers.consent.ledger import Said, record_consents, states
from parcours.customers.consent.messages import Told, consents_in, consents_in_event
from parcours.customers.enums import IdentityKind
from parcours.customers.erasure.suppression import Arriving, admit, suppression_count
from parcours.customers.groups import Grouped, note_groups
from parcours.customers.privacy_enums import ConsentMethod, ConsentState
from parcours.customers.profiles import profile_of
from parcours.customers.reads import is_anonymous
from parcours.customers.stitching.identities import clean_identity, owners_of
from parcours.customers.writes import link_identities, link_users, resolve_with_homes, update_profiles
from parcours.events.enums import SourceKind
from parcours.events.ingest.messages import Message
from parcours.events.ingest.waiting import Waiting

Known = tuple[str, str]
"""An identity: its kind and its value."""

ANALYTICS = "analytics"
_BY_CONTACT = (IdentityKind.EMAIL, IdentityKind.PHONE)


class Owner(NamedTuple):
    """Whose message it is, and the home of the identity that brought it (see `customers.identities`)."""

    customer: int
    home: int


def main_identity(message: Message) -> Known | None:
    """The identity that names the customer; None when none does (a group on its own)."""
    if message.user_id:
        return IdentityKind.USER_ID.value, message.user_id
    if message.anonymous_id:
        return IdentityKind.ANONYMOUS_ID.value, message.anonymous_id
    for kind in _BY_CONTACT:
        if value := clean_identity(message.identities.get(kind, ""), kind):
            return kind.value, value
    return None


def identities_in(message: Message) -> tuple[Known, ...]:
    """Every identity that the message names."""
    found = [
        (IdentityKind.USER_ID.value, message.user_id),
        (IdentityKind.ANONYMOUS_ID.value, message.anonymous_id),
        *((kind.value, clean_identity(message.identities.get(kind, ""), kind)) for kind in _BY_CONTACT),
        *((kind.value, clean_identity(_text(message.traits, kind), kind)) for kind in _BY_CONTACT),
    ]
    if message.type == "alias":
        found.append((IdentityKind.USER_ID.value, message.previous_id))
    return tuple(dict.fromkeys(known for known in found if known[1]))


def told_in(message: Message) -> list[Told]:
    said = consents_in(message.context.get("consent"), message.traits)
    return [*said, *consents_in_event(message.event, message.properties, message.timestamp)]


def refuses_tracking(message: Message) -> bool:
    """Whether it says itself that the person doesn't want to be followed."""
    if "consent" not in message.context:
        return False
    told = consents_in(message.context["consent"])
    return any(each.purpose == ANALYTICS and each.state == ConsentState.DENIED for each in told)


def refused_tracking(brand: Brand, customers: Collection[int]) -> set[int]:
    """Which of the customers have said last, wherever it was, that their visits may not be studied."""
    said = states(brand, customers, ANALYTICS) if customers else {}
    return {customer for customer, state in said.items() if state == ConsentState.DENIED}


def admitted(brand: Brand, messages: Sequence[Message]) -> list[bool]:
    """Which of the messages are not about somebody who was erased. For the sole writer of the lake."""
    if not suppression_count(brand):
        return [True] * len(messages)
    return admit(
        brand,
        [
            Arriving(identities_in(message), message.timestamp or now(), told_in(message))
            for message in messages
        ],
    )


def join(brand: Brand, messages: Iterable[Message]) -> None:
    """Joins the identities that the messages name together, in the order of their arrival."""
    links: list[tuple[str, str]] = []
    aliases: list[tuple[str, str]] = []
    for message in messages:
        if message.user_id and message.anonymous_id:
            links.append((message.anonymous_id, message.user_id))
        if message.type == "alias":
            aliases.append((message.previous_id, message.user_id))
    link_identities(brand, links, reason="seen together in a message")
    _join_aliases(brand, list(dict.fromkeys(aliases)))


def _join_aliases(brand: Brand, pairs: list[tuple[str, str]]) -> None:
    """An alias tells of a visitor or of a user's former id: whichever the previous id is known as.

    PostHog's clients may name the visitor in the place of the user.
    """
    if not pairs:
        return
    visitors = is_anonymous(brand, {each for pair in pairs for each in pair})
    pairs = [
        (user, previous) if user in visitors and previous not in visitors else (previous, user)
        for previous, user in pairs
    ]
    link_identities(brand, [pair for pair in pairs if pair[0] in visitors], reason="alias")
    link_users(brand, [pair for pair in pairs if pair[0] not in visitors], reason="alias")


def owners(brand: Brand, messages: Sequence[Message]) -> list[Owner | None]:
    """Whose each message is; unknown people become customers."""
    mains = [main_identity(message) for message in messages]
    found: dict[Known, Owner] = {}
    for kind in dict.fromkeys(main[0] for main in mains if main):
        values = list(dict.fromkeys(main[1] for main in mains if main and main[0] == kind))
        ids, homes = resolve_with_homes(brand, kind, values)
        for value, customer, home in zip(values, ids, homes, strict=True):
            found[kind, value] = Owner(int(customer), int(home))
    return [found[main] if main else None for main in mains]


def note_profiles(brand: Brand, told: Iterable[tuple[Message, int]]) -> None:
    """Writes what the messages say about their customers and their groups; the later word counts."""
    said: dict[int, dict[str, Any]] = {}
    grouped: list[Grouped] = []
    for message, customer in told:
        if message.type == "group":
            grouped.append(Grouped(customer, message.group_id, message.traits))
        elif message.traits or message.identities:
            said.setdefault(customer, {}).update({**message.identities, **message.traits})
    update_profiles(brand, {customer: profile_of(values) for customer, values in said.items()})
    note_groups(brand, grouped)


def note_consents(brand: Brand, told: Iterable[tuple[Waiting, Message, int]]) -> None:
    """Adds to the ledger what the messages say of consent."""
    said: dict[ConsentMethod, list[Said]] = {}
    for row, message, customer in told:
        method = ConsentMethod.EVENT if row.source_kind == SourceKind.CLIENT else ConsentMethod.HOOK
        for each in told_in(message):
            at, dated = each.at or message.timestamp, each.at is not None
            said.setdefault(method, []).append(
                Said(customer, each.purpose, each.state, each.channel, at=at, source=row.source, dated=dated)
            )
    for method, rows in said.items():
        record_consents(brand, rows, method=method, acting_user=system_actor(brand.pk))


def note_refusals(brand: Brand, told: Sequence[tuple[Waiting, Message]]) -> None:
    """Adds the refusals of people who are known already; nobody becomes a customer by refusing to be one."""
    known: list[tuple[Waiting, Message, int]] = []
    for row, message in told:
        main = main_identity(message)
        if main is not None:
            owner = owners_of(brand, main[0], [clean_identity(main[1], main[0])])
            known += [(row, message, each.customer) for each in owner.values()]
    note_consents(brand, known)


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""
