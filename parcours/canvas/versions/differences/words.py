"""What changed in a text, word by word."""

import re
from difflib import SequenceMatcher

from parcours.canvas.versions.shapes import Piece

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
MOST_TOKENS = 4_000
KEPT_AROUND = 8
"""Words shown before and after a change; what lies further away is skipped."""
TOO_DIFFERENT = 0.3


def changed_words(old: str, new: str) -> tuple[Piece, ...]:
    """The text in pieces, from beginning to end. Two texts with little in common are shown one after the
    other rather than in shreds.
    """
    if old == new:
        return ()
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    if len(before) + len(after) > MOST_TOKENS:
        return _whole(old, new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if old and new and _likeness(matcher, before, after) < TOO_DIFFERENT:
        return _whole(old, new)
    pieces: list[Piece] = []
    for op, start, end, new_start, new_end in matcher.get_opcodes():
        if op == "equal":
            _add(pieces, "same", "".join(before[start:end]))
        else:
            _add(pieces, "gone", "".join(before[start:end]))
            _add(pieces, "new", "".join(after[new_start:new_end]))
    return _shortened(_joined(pieces))


def _likeness(matcher: "SequenceMatcher[str]", before: list[str], after: list[str]) -> float:
    """Of the words in both, how many are common; spaces and signs don't count."""
    common = sum(
        len(token)
        for start, _new, size in matcher.get_matching_blocks()
        for token in before[start : start + size]
        if token.isalnum()
    )
    most = max(sum(len(token) for token in tokens if token.isalnum()) for tokens in (before, after))
    return common / most if most else 1.0


def _whole(old: str, new: str) -> tuple[Piece, ...]:
    return tuple(Piece(kind, text) for kind, text in (("gone", old), ("new", new)) if text)


def _add(pieces: list[Piece], kind: str, text: str) -> None:
    if text:
        pieces.append(Piece(kind, text))


def _joined(pieces: list[Piece]) -> list[Piece]:
    """A lone space between two changes belongs to both: “red shoes” → “blue boots” is one change."""
    joined: list[Piece] = []
    gone = new = ""
    for place, piece in enumerate(pieces):
        between = 0 < place < len(pieces) - 1 and piece.kind == "same" and not piece.text.strip()
        if piece.kind == "gone" or between:
            gone += piece.text
        if piece.kind == "new" or between:
            new += piece.text
        if piece.kind == "same" and not between:
            _add(joined, "gone", gone)
            _add(joined, "new", new)
            gone = new = ""
            joined.append(piece)
    _add(joined, "gone", gone)
    _add(joined, "new", new)
    return joined


def _shortened(pieces: list[Piece]) -> tuple[Piece, ...]:
    shown: list[Piece] = []
    for place, piece in enumerate(pieces):
        if piece.kind != "same":
            shown.append(piece)
            continue
        words = re.split(r"(\s+)", piece.text)
        first, last = place == 0, place == len(pieces) - 1
        keep = KEPT_AROUND * 2
        if len(words) <= keep * (1 if first or last else 2) + 2:
            shown.append(piece)
            continue
        if not first:
            shown.append(Piece("same", "".join(words[:keep])))
        shown.append(Piece("skipped", "…"))
        if not last:
            shown.append(Piece("same", "".join(words[-keep:])))
    return tuple(shown)
