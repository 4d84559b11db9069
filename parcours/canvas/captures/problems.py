"""What is wrong with a look at the shop, in sentences for whoever set it up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from parcours.canvas.captures.enums import Trouble


@dataclass(frozen=True, slots=True)
class Problem:
    """What happened, and what to do."""

    code: str
    what: str
    remedy: str


def problem(code: str, facts: Mapping[str, Any]) -> Problem | None:
    """In the language of the moment; None when nothing is wrong."""
    if not code:
        return None
    say = _SENTENCES.get(code)
    what, remedy = say(facts) if say else (_("No picture could be taken."), "")
    return Problem(code, what, remedy)


def _no_browser(_facts: Mapping[str, Any]) -> tuple[str, str]:
    return _("This machine has no Chromium to take pictures with."), _(
        "Whoever runs Parcours can install it (on Debian and Ubuntu: apt install chromium), or name one with "
        "PARCOURS_CHROMIUM. Pictures can be uploaded or pasted meanwhile."
    )


def _no_sandbox(_facts: Mapping[str, Any]) -> tuple[str, str]:
    return _("Chromium could not shut itself off from the rest of this machine, so it didn’t start."), _(
        "Whoever runs Parcours can allow user namespaces, or set PARCOURS_CHROMIUM_SANDBOX=0 in a container "
        "that is shut off by itself."
    )


def _crashed(_facts: Mapping[str, Any]) -> tuple[str, str]:
    return _("The browser ended in the middle of it."), _(
        "It is tried again by itself. If it stays like this, the log of the worker names the reason."
    )


def _no_such_host(facts: Mapping[str, Any]) -> tuple[str, str]:
    return _("There is no machine called “{host}”.").format(host=facts.get("host", "")), _(
        "Check the address for a slip of the pen."
    )


def _private(facts: Mapping[str, Any]) -> tuple[str, str]:
    host = facts.get("host", "")
    return _("“{host}” lies in a private network, and this installation may not ask there.").format(
        host=host
    ), _("Whoever runs Parcours can allow it: PARCOURS_PRIVATE_ADDRESSES={host}").format(host=host)


def _no_answer(facts: Mapping[str, Any]) -> tuple[str, str]:
    host = facts.get("host", "")
    if facts.get("reason") == "certificate":
        return _("The certificate of {host} isn’t valid.").format(host=host), _(
            "Whoever runs the shop has to renew it."
        )
    return _("{host} did not answer.").format(host=host), _(
        "It is tried again by itself. Check that the page opens in your own browser."
    )


def _status(facts: Mapping[str, Any]) -> tuple[str, str]:
    status = int(facts.get("status", 0))
    if status in {404, 410}:
        return _("The shop says that there is no such page ({status}).").format(status=status), _(
            "Give the address where the moment is now."
        )
    if status in {401, 403, 429}:
        return _("The shop doesn’t let Parcours see this page ({status}).").format(status=status), _(
            "Pages behind a sign-in can’t be photographed; upload a screenshot instead. If the shop keeps "
            "robots out, its administrators can let in browsers that call themselves “Parcours”."
        )
    return _("The shop answered with an error ({status}).").format(status=status), _(
        "The picture on the card stays as it is; it is tried again at the next look."
    )


def _no_page(_facts: Mapping[str, Any]) -> tuple[str, str]:
    return _("What is at this address is no page."), _(
        "Give the address of a page, not of a file to download."
    )


def _no_element(facts: Mapping[str, Any]) -> tuple[str, str]:
    return _("Nothing on the page fits “{selector}”.").format(selector=facts.get("selector", "")), _(
        "Correct which part of the page is to be seen, or leave it empty to see the whole screen."
    )


def _never_came(facts: Mapping[str, Any]) -> tuple[str, str]:
    return _("“{selector}” didn’t appear within ten seconds.").format(selector=facts.get("selector", "")), _(
        "Correct what to wait for, or leave it empty."
    )


def _too_long(_facts: Mapping[str, Any]) -> tuple[str, str]:
    return _("The page wasn’t ready within a minute."), _("It is tried again by itself.")


def _too_large(_facts: Mapping[str, Any]) -> tuple[str, str]:
    return _("The page is too large: it took more memory or data than a picture may cost."), _(
        "Photograph a lighter page, or upload a screenshot."
    )


def _no_own_address(_facts: Mapping[str, Any]) -> tuple[str, str]:
    return _("Parcours doesn’t know its own address, so it can’t open its own pages."), _(
        "Whoever runs Parcours can name it: PARCOURS_URL. Or write the address in full."
    )


_SENTENCES: Mapping[str, Callable[[Mapping[str, Any]], tuple[str, str]]] = {
    Trouble.NO_BROWSER: _no_browser,
    Trouble.NO_SANDBOX: _no_sandbox,
    Trouble.CRASHED: _crashed,
    Trouble.NO_SUCH_HOST: _no_such_host,
    Trouble.PRIVATE: _private,
    Trouble.NO_ANSWER: _no_answer,
    Trouble.STATUS: _status,
    Trouble.NO_PAGE: _no_page,
    Trouble.NO_ELEMENT: _no_element,
    Trouble.NEVER_CAME: _never_came,
    Trouble.TOO_LONG: _too_long,
    Trouble.TOO_LARGE: _too_large,
    Trouble.NO_OWN_ADDRESS: _no_own_address,
}
