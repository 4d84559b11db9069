"""How a moment's picture is to be taken, checked and in its normal form."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from parcours.canvas.captures import addresses
from parcours.canvas.captures.enums import Device, Rhythm
from parcours.canvas.writes.common import clean
from parcours.core.errors import BadInput

MOST_IGNORED = 20
LANGUAGES = frozenset({"", "en", "fr", "de", "es", "it", "nl", "pt"})


def capture_settings(
    *,
    address: str,
    device: str = Device.DESKTOP,
    language: str = "",
    rhythm: str = Rhythm.BY_HAND,
    element: str = "",
    scroll: int = 0,
    wait_for: str = "",
    dismiss: str = "",
    ignored: Iterable[Sequence[float]] = (),
) -> dict[str, Any]:
    """The columns of `models.Capturing` for it. Raises BadInput.

    Whether the address may be asked is another question: see `addresses.check`, and the proxy that looks.
    """
    tidy = addresses.tidy_address(clean(address, where="address", most=2_000, line=True, required=True))
    return {
        "address": tidy,
        "device": _one_of(device, Device.values, "device"),
        "language": _one_of(language, LANGUAGES, "language"),
        "rhythm": _one_of(rhythm, Rhythm.values, "rhythm"),
        "element": clean(element, where="element", most=300, line=True),
        "scroll": _between(scroll, 0, 20_000, "scroll"),
        "wait_for": clean(wait_for, where="wait_for", most=300, line=True),
        "dismiss": clean(dismiss, where="dismiss", most=300, line=True),
        "ignored": _areas(ignored),
    }


def _one_of(given: str, known: Iterable[str], where: str) -> str:
    if given not in known:
        raise BadInput(_("“{text}” can’t be chosen here.").format(text=given[:80]), where=where)
    return given


def _between(given: int, least: int, most: int, where: str) -> int:
    if not least <= given <= most:
        raise BadInput(
            _("Write a number from {least} to {most}.").format(least=least, most=most), where=where
        )
    return given


def _areas(given: Iterable[Sequence[float]]) -> list[list[float]]:
    """Raises BadInput for what lies outside the picture."""
    areas = [[round(float(number), 2) for number in area] for area in given]
    if len(areas) > MOST_IGNORED:
        raise BadInput(_("At most {n} areas can be left out.").format(n=MOST_IGNORED), where="ignored")
    for area in areas:
        fits = len(area) == 4 and all(0 <= number <= 100 for number in area)
        if not fits or area[0] + area[2] > 100.5 or area[1] + area[3] > 100.5 or not (area[2] and area[3]):
            raise BadInput(
                _("An area is left, top, width and height in hundredths of the picture."),
                where="ignored",
                remedy=_("For example 0, 80, 100, 20 for the lowest fifth."),
            )
    return areas
