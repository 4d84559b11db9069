"""What each kind of finding says, and whether somebody has to look at it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parcours.inbox.reconciling.shapes import Finding


@dataclass(frozen=True, slots=True)
class Words:
    """`sentence` of a number; `remedy` where something is left to do. `matters`: owners are told of it."""

    sentence: Callable[[int], str]
    remedy: str | Promise = ""
    matters: bool = True


def _one(text: str | Promise) -> Callable[[int], str]:
    return lambda _n: str(text)


KINDS: Mapping[str, Words] = {
    "missing": Words(
        lambda n: ngettext(
            "{n} message lay at the platform and had never come here",
            "{n} messages lay at the platform and had never come here",
            n,
        ).format(n=n),
        gettext_lazy("Look under “What arrived” of the account."),
    ),
    "unasked": Words(
        _one(gettext_lazy("The platform could not be asked")),
        gettext_lazy("Try the settings of the account. The next night asks again."),
    ),
    "counters": Words(
        lambda n: ngettext(
            "{n} conversation showed other than what its messages say",
            "{n} conversations showed other than what their messages say",
            n,
        ).format(n=n)
    ),
    "strays": Words(
        lambda n: ngettext(
            "{n} message stands in a conversation that was merged away",
            "{n} messages stand in conversations that were merged away",
            n,
        ).format(n=n),
        gettext_lazy("Take the conversations apart and merge them again."),
    ),
    "numbers": Words(_one(gettext_lazy("The next conversation would have got a number that is taken"))),
    "stuck": Words(
        lambda n: ngettext(
            "{n} message waited for an hour without a try",
            "{n} messages waited for an hour without a try",
            n,
        ).format(n=n)
    ),
    "unnoted": Words(
        lambda n: ngettext(
            "{n} message had left, and did not say so", "{n} messages had left, and did not say so", n
        ).format(n=n)
    ),
    "lost": Words(
        lambda n: ngettext(
            "{n} reply waits in no outbox and will not leave",
            "{n} replies wait in no outbox and will not leave",
            n,
        ).format(n=n),
        gettext_lazy("Write to these customers again."),
    ),
    "steps": Words(
        lambda n: ngettext(
            "{n} message showed another step than its ledger",
            "{n} messages showed another step than their ledger",
            n,
        ).format(n=n)
    ),
    "unconfirmed": Words(
        lambda n: ngettext(
            "{n} message was sent, and the platform never said that it arrived",
            "{n} messages were sent, and the platform never said that they arrived",
            n,
        ).format(n=n),
        matters=False,
    ),
    "unread": Words(
        lambda n: ngettext("{n} arrival was not understood", "{n} arrivals were not understood", n).format(
            n=n
        ),
        gettext_lazy("Look under “What arrived” of the account."),
    ),
    "unfetched": Words(
        lambda n: ngettext(
            "{n} file is still with its platform", "{n} files are still with their platform", n
        ).format(n=n),
        gettext_lazy("It was asked for again just now."),
        matters=False,
    ),
    "never_fetched": Words(
        lambda n: ngettext(
            "{n} file could not be had from its platform", "{n} files could not be had from their platform", n
        ).format(n=n),
        gettext_lazy("Ask the customers to send them again."),
        matters=False,
    ),
    "content_gone": Words(
        lambda n: ngettext(
            "{n} file of a message is no longer on this machine",
            "{n} files of messages are no longer on this machine",
            n,
        ).format(n=n),
        gettext_lazy("Bring the folder of files back from the last backup."),
    ),
    "doubled": Words(
        lambda n: ngettext(
            "{n} conversation has the same message twice", "{n} conversations have the same message twice", n
        ).format(n=n),
        matters=False,
    ),
    "stumbled": Words(
        _one(gettext_lazy("A part of the check stumbled; the log says why")),
        gettext_lazy("Report it with the lines of the log."),
    ),
}


def sentence(finding: Finding) -> str:
    """One line; a kind that nobody knows any more still shows what it can."""
    words = KINDS.get(finding.kind)
    said = words.sentence(finding.number) if words else finding.kind
    if not finding.account_name:
        return said
    return _("{label}: {value}").format(label=finding.account_name, value=said)


def became(finding: Finding) -> str:
    """What was done about it, and what is left."""
    if not finding.left:
        return _("Put right.")
    if finding.mended:
        return ngettext(
            "{mended} put right, {n} is left.", "{mended} put right, {n} are left.", finding.left
        ).format(mended=finding.mended, n=finding.left)
    return ""


def remedy(finding: Finding) -> str:
    words = KINDS.get(finding.kind)
    return str(words.remedy) if words and finding.left else ""


def is_trouble(finding: Finding) -> bool:
    """Somebody has to do something."""
    words = KINDS.get(finding.kind)
    return finding.left > 0 and (words is None or words.matters)
