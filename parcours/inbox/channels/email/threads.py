"""Which conversation a mail belongs to: by the mails that it answers, never by its subject alone."""

from email.message import Message as Mail
from hashlib import sha256

from parcours.inbox.channels.email.headers import addresses_of, raw_values
from parcours.inbox.channels.email.identity import answered_ids, is_weak, named_by_token
from parcours.inbox.mail.models import MailId
from parcours.inbox.models import ChannelAccount, Message

_MOST = 500
_TO_US = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")


def name_for(account: ChannelAccount, said_id: str, digest: str) -> str:
    """By which the message is known: its Message-ID, unless another mail came under the same one before;
    without one, its content's digest.
    """
    if not said_id:
        return f"content:{digest}"
    there = Message.objects.filter(account=account, external_id=said_id).values_list("payload", flat=True)
    first = next(iter(there), None)
    known = (first or {}).get("mail", {}).get("digest", "")
    # One of ours that comes back by another folder is that one, whatever servers added to it.
    if first is None or known in {digest, ""}:
        return said_id
    return f"{said_id}#{digest[:32]}"


def thread_of(mail: Mail, name: str) -> str:
    """The same for the first mail of a matter and those that answer it, whichever comes first."""
    chain = answered_ids(mail)
    root = chain[-1] if chain else ""
    return sha256((root if root and not is_weak(root) else name).encode()).hexdigest()[:40]


def answered(account: ChannelAccount, mail: Mail, said_id: str, sender: str) -> list[str]:
    """Names of messages that decide the conversation, the surest first: those it answers, the one whose
    reply address it was sent to, and those of the same contact that answer it and came before it.
    """
    wanted = [each for each in answered_ids(mail) if each != said_id]
    known = _known(account, wanted)
    names = [name for each in wanted if (name := _one_of(known.get(each, []), each, sender))]
    names += _by_token(account, mail)
    if said_id and not names:
        names += _answers_to(account, said_id, sender)
    return names


Found = tuple[str, str, str]
"""A message's name, its direction, and by what its contact is known."""


def _known(account: ChannelAccount, wanted: list[str]) -> dict[str, list[Found]]:
    """What is known under each id, the oldest first: several where mails share one."""
    found: dict[str, list[Found]] = {}
    if not wanted:
        return found
    borne = MailId.objects.filter(account=account, said__in=wanted, is_answered=False).order_by("id")
    for said, *rest in borne.values_list(
        "said", "message__external_id", "message__direction", "message__conversation__contact__external_id"
    )[:_MOST]:
        found.setdefault(said, []).append((rest[0], rest[1], rest[2]))
    ours = Message.objects.filter(
        account=account, external_id__in=[each for each in wanted if each not in found]
    )
    for name, direction, contact in ours.values_list(
        "external_id", "direction", "conversation__contact__external_id"
    ):
        found[name] = [(name, direction, contact)]
    return found


def _one_of(found: list[Found], said: str, sender: str) -> str:
    """The one that is meant: the sender's own where several share an id. A poor id of a customer's mail
    counts only for themselves, for strangers' programs may use the same.
    """
    own = [name for name, _direction, contact in found if contact == sender]
    if own:
        return own[-1]
    if len(found) != 1:
        return ""
    name, direction, _contact = found[0]
    return "" if direction == "in" and is_weak(said) else name


def _by_token(account: ChannelAccount, mail: Mail) -> list[str]:
    said = [value for name in _TO_US for value in raw_values(mail, name)]
    told = [each.address for name in _TO_US[:2] for each in addresses_of(mail, name)]
    named = {message for each in [*told, *said] if (message := named_by_token(each))}
    if not named:
        return []
    rows = Message.objects.filter(account=account, pk__in=named).exclude(external_id="")
    return list(rows.values_list("external_id", flat=True))


def _answers_to(account: ChannelAccount, said_id: str, sender: str) -> list[str]:
    """What the sender's own answers to a mail are called that came before it. Of a poor id only the sender's
    first mail is meant: their program may give it to every other one, too.
    """
    own = MailId.objects.filter(
        account=account, said=said_id, message__conversation__contact__external_id=sender
    )
    if is_weak(said_id) and own.filter(is_answered=False).exists():
        return []
    answers = own.filter(is_answered=True)
    return list(answers.order_by("id").values_list("message__external_id", flat=True)[:1])
