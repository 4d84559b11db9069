"""Errors that a person reads: what happened, where, and what to do."""


class ParcoursError(Exception):
    """An error with a sentence for a person.

    `what` says what happened and what is kept, `where` names the place (a file and line, a field, an
    address), `remedy` says what to do next. All three are already in the reader's language.
    """

    status = 500

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.where and f"({self.where})", self.remedy) if part)


class BadInput(ParcoursError):  # noqa: N818 - reads as a sentence where it is raised
    """What was given can't be used as it is."""

    status = 422


class NotFound(ParcoursError):  # noqa: N818 - reads as a sentence where it is raised
    """It isn't there, or not for this person: the two look the same from outside."""

    status = 404


class Forbidden(ParcoursError):  # noqa: N818 - reads as a sentence where it is raised
    """The person's role doesn't include this."""

    status = 403


class Conflict(ParcoursError):  # noqa: N818 - reads as a sentence where it is raised
    """Somebody else changed it first; nothing was overwritten."""

    status = 409


class InUse(ParcoursError):  # noqa: N818 - reads as a sentence where it is raised
    """A folder, port or name that somebody else holds."""

    status = 409
