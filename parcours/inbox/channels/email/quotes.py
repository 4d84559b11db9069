"""What somebody wrote themselves, apart from what they quote and how they sign."""

import re
from typing import NamedTuple

MOST_LINES = 2_000

_SIGNED = re.compile(r"^(?:-- ?|__+)$")
_SENT_FROM = re.compile(
    r"^(?:sent from my|sent from (?:outlook|yahoo|mail)|get outlook for|envoyé de(?:puis)? mon|"
    r"envoyé à partir d|envoyé depuis|obtenir outlook|télécharger outlook|"
    r"von meinem .{2,40} gesendet|enviado desde mi|inviato da|verzonden vanaf)\b.{0,80}$",
    re.IGNORECASE,
)
_INTRO = re.compile(
    r"^(?:(?:le|on|am|el|il|op|em)\b.{4,200}(?:a écrit|wrote|schrieb.{0,80}|escribió|ha scritto|"
    r"schreef.{0,80}|escreveu)\s?:|-{2,} ?(?:message d’origine|message d'origine|"
    r"original message|ursprüngliche nachricht|message transféré|forwarded message) ?-{2,}|_{20,})$",
    re.IGNORECASE,
)
_HEAD = re.compile(r"^\*?(?:de|from|von|da)\s?:\*?\s+\S", re.IGNORECASE)
_SECOND = re.compile(
    r"^\*?(?:envoyé|date|sent|gesendet|à|to|an|objet|subject|betreff|inviato)\s?:\*?\s+\S", re.IGNORECASE
)


class Parts(NamedTuple):
    """`own` is what to show at once, `rest` what is folded: quotations and signatures."""

    own: str
    rest: str


def parts_of(text: str) -> Parts:
    """Where nothing would be left, or answers stand between quoted lines, everything is their own."""
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        return Parts(text.strip(), "")
    at = _end_of_own(lines)
    at = _signature(lines[:at])
    own, rest = "\n".join(lines[:at]).strip(), "\n".join(lines[at:]).strip()
    if not own:
        return Parts(text.strip(), "")
    return Parts(own, rest)


def _end_of_own(lines: list[str]) -> int:
    """The line at which the quotation begins that goes to the end."""
    starts = [_by_patterns(lines), _by_marks(lines), _by_library(lines)]
    at = min(starts)
    if at < len(lines) and _answers_between(lines[at:]):
        return len(lines)
    return at


def _by_library(lines: list[str]) -> int:
    from quotequail import quote

    parts = quote("\n".join(lines), limit=MOST_LINES + 1, quote_intro_line=True)
    if len(parts) == 1 or not parts[0][0]:
        return len(lines)
    return str(parts[0][1]).count("\n") + 1


def _by_patterns(lines: list[str]) -> int:
    return next((at for at in range(len(lines)) if begins_quotation(lines, at)), len(lines))


def begins_quotation(lines: list[str], at: int) -> bool:
    """Does a mail program say in this line that an earlier mail follows?"""
    stripped = lines[at].strip()
    joined = f"{stripped} {lines[at + 1].strip()}" if at + 1 < len(lines) else stripped
    if _INTRO.match(stripped):
        return True
    if _INTRO.match(joined) and not _INTRO.match(joined.removeprefix(stripped).strip()):
        return True
    following = " \n".join(each.strip() for each in lines[at + 1 : at + 4]).splitlines()
    return bool(_HEAD.match(stripped)) and any(_SECOND.match(each.strip()) for each in following)


def begins_signature(line: str) -> bool:
    return bool(_SIGNED.match(line) or _SENT_FROM.match(line.strip()))


def _by_marks(lines: list[str]) -> int:
    """Where only quoted lines follow."""
    at = len(lines)
    for place in range(len(lines) - 1, -1, -1):
        line = lines[place].strip()
        if line.startswith(">"):
            at = place
        elif line:
            break
    return at


def _answers_between(lines: list[str]) -> bool:
    """Words of their own after quoted ones: the answer is woven into the quotation."""
    first = next((at for at, line in enumerate(lines) if line.lstrip().startswith(">")), None)
    if first is None:
        return False
    last = max(at for at, line in enumerate(lines) if line.lstrip().startswith(">"))
    between = [line.strip() for line in lines[first:last] if line.strip()]
    after = [
        line.strip() for line in lines[last + 1 :] if line.strip() and not _SENT_FROM.match(line.strip())
    ]
    until = next((at for at, line in enumerate(after) if _SIGNED.match(line)), len(after))
    return any(not line.startswith(">") for line in between) or bool(after[:until])


def _signature(lines: list[str]) -> int:
    """The line at which their signature begins; the end where there is none."""
    for at, line in enumerate(lines):
        if at and _SIGNED.match(line.rstrip("\r\n")):
            return at
    last = [at for at, line in enumerate(lines) if line.strip()][-3:]
    return next((at for at in last if at and _SENT_FROM.match(lines[at].strip())), len(lines))
