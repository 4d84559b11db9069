"""Words that two people change at once: each field is settled by itself, and nobody's words are lost."""

from collections.abc import Mapping

from parcours.canvas.errors import BothChanged, WordsConflict


def settled(
    stored: Mapping[str, str], wanted: Mapping[str, str], seen: Mapping[str, str] | None
) -> dict[str, str]:
    """What is to be stored of each field that is `wanted`.

    `seen` is what the fields read when the person began: one they left as it was keeps what others made of it
    since, one that others left as it was takes the new words. Without `seen` the new words hold, as from a
    program that doesn't say what it saw. Raises WordsConflict when both changed the same field otherwise.
    """
    result, both = {}, []
    for name, mine in wanted.items():
        theirs, before = stored[name], (seen or {}).get(name, stored[name])
        if theirs in {before, mine}:
            result[name] = mine
        elif mine == before:
            result[name] = theirs
        else:
            both.append(BothChanged(name, theirs, mine))
    if both:
        raise WordsConflict(tuple(both))
    return result
