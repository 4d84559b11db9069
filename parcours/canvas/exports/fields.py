"""Reading the fields of a JSON file: each says which place in the file is wrong."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext as _

from parcours.core.errors import BadInput
from parcours.core.text import storable


def place(at: str, name: str) -> str:
    """How the place of a field is written: `cards[3].title`."""
    return f"{at}.{name}" if at else name


def object_at(data: object, at: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise BadInput(_("An object in curly brackets belongs here."), where=at or _("the whole file"))
    return data


def object_in(data: Mapping[str, Any], name: str, at: str) -> Mapping[str, Any]:
    """An object, or an empty one where there is none."""
    return object_at(data.get(name) or {}, place(at, name))


def items(data: Mapping[str, Any], name: str, at: str) -> list[tuple[str, object]]:
    """The entries of a list, each with its place in the file."""
    found = data.get(name) or []
    here = place(at, name)
    if not isinstance(found, list):
        raise BadInput(_("A list in square brackets belongs here."), where=here)
    return [(f"{here}[{number}]", each) for number, each in enumerate(found)]


def text(data: Mapping[str, Any], name: str, at: str, *, required: bool = False) -> str:
    value = data.get(name)
    here = place(at, name)
    if value is not None and not isinstance(value, str):
        raise BadInput(_("A text in quotes belongs here."), where=here)
    if required and not (value or "").strip():
        raise BadInput(_("This can't be empty."), where=here)
    return str(storable(value or ""))


def texts(data: Mapping[str, Any], name: str, at: str) -> tuple[str, ...]:
    found = [each for _here, each in items(data, name, at)]
    if not all(isinstance(each, str) for each in found):
        raise BadInput(_("A text in quotes belongs here."), where=place(at, name))
    return tuple(str(storable(each)) for each in found)


def words(data: Mapping[str, Any], name: str, at: str) -> dict[str, str]:
    """An object of texts."""
    found = object_in(data, name, at)
    for key, value in found.items():
        if not isinstance(value, str):
            raise BadInput(_("A text in quotes belongs here."), where=f"{place(at, name)}.{key}")
    return {str(key): str(storable(value)) for key, value in found.items()}


def one_of(data: Mapping[str, Any], name: str, at: str, known: Sequence[str]) -> str:
    """One of the words, or nothing."""
    word = text(data, name, at)
    if word and word not in known:
        raise BadInput(
            _("“{text}” is none of the choices.").format(text=word),
            where=place(at, name),
            remedy=_("Use one of: {known}.").format(known=", ".join(known)),
        )
    return word


def whole(data: Mapping[str, Any], name: str, at: str, least: int, most: int) -> int | None:
    """A whole number, or None without one."""
    value = data.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadInput(
            _("A whole number from {least} to {most} belongs here.").format(least=least, most=most),
            where=place(at, name),
        )
    return value


def day(data: Mapping[str, Any], name: str, at: str) -> date | None:
    written = text(data, name, at)
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise BadInput(_("A day belongs here, like 2026-01-31."), where=place(at, name)) from error


def moment(data: Mapping[str, Any], name: str, at: str) -> datetime | None:
    """A moment; without a time zone it is taken for UTC."""
    written = text(data, name, at)
    try:
        found = datetime.fromisoformat(written) if written else None
    except ValueError as error:
        raise BadInput(
            _("A moment belongs here, like 2026-01-31T09:30:00Z."), where=place(at, name)
        ) from error
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found
