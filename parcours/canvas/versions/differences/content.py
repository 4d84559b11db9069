"""What a card says, before and after."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from parcours.canvas.kinds import shown_details
from parcours.canvas.versions.differences.both import card_name, sentence, titled
from parcours.canvas.versions.differences.words import changed_words
from parcours.canvas.versions.shapes import Change, Line
from parcours.canvas.versions.snapshots import Card
from parcours.core.text import quoted

Lines = Iterator[tuple[str, Line]]
"""For each aspect that changed: the sentence with a place for `{card}`, and what to say without its name."""


def content_change(old: Card, new: Card, kind: str, touchpoints: Mapping[str, str]) -> Change | None:
    """One change a card, however much of it was rewritten; None when it says the same.

    `touchpoints` are their names by id.
    """
    found = [*_title(old, new), *_text(old, new), *_picture(old, new)]
    found += [*_details(old, new, kind, touchpoints), *_leads(old, new)]
    if not found:
        return None
    about = ((new.id, "content"),)
    if len(found) == 1:
        alone, line = found[0]
        name = card_name(old if old.title != new.title and old.title else new, kind)
        lines = (Line("", line.pieces),) if line.pieces else ()
        return Change(sentence(alone.format(card=name)), about, lines=lines)
    words = _("{card} was rewritten.").format(card=card_name(new, kind))
    return Change(sentence(words), about, lines=tuple(line for _alone, line in found))


def _title(old: Card, new: Card) -> Lines:
    if old.title == new.title:
        return
    if not old.title:
        words = _("{card} now has a title.")
        yield words, Line(_("It has a title now."))
    elif not new.title:
        yield (
            _("{card} has no title any more."),
            Line(_("It was called {old}.").format(old=titled(old.title))),
        )
    else:
        words = _("{card} is now called {new}.").replace("{new}", _literal(titled(new.title)))
        yield words, Line(_("It was called {old}.").format(old=titled(old.title)))


def _text(old: Card, new: Card) -> Lines:
    if old.text == new.text:
        return
    pieces = changed_words(old.text, new.text)
    if not old.text:
        yield _("{card} now has a text."), Line(_("It has a text now:"), pieces)
    elif not new.text:
        yield _("{card} has no text any more."), Line(_("Its text is gone:"), pieces)
    else:
        yield _("The text of {card} changed."), Line(_("Its text changed:"), pieces)


def _picture(old: Card, new: Card) -> Lines:
    if old.picture != new.picture:
        if not old.picture:
            yield _("{card} now has a picture."), Line(_("It has a picture now."))
        elif not new.picture:
            yield _("{card} has no picture any more."), Line(_("It has no picture any more."))
        else:
            yield _("{card} has another picture."), Line(_("It has another picture."))
    if old.alt != new.alt and new.picture and old.picture:
        pieces = changed_words(old.alt, new.alt)
        words = _("What is said about the picture of {card} to those who can't see it changed.")
        yield words, Line(_("What is said about its picture to those who can't see it changed:"), pieces)
    if old.caption != new.caption and new.picture and old.picture:
        pieces = changed_words(old.caption, new.caption)
        yield (
            _("The caption under the picture of {card} changed."),
            Line(_("The caption under its picture changed:"), pieces),
        )


def _details(old: Card, new: Card, kind: str, touchpoints: Mapping[str, str]) -> Lines:
    before = dict(shown_details(kind, old.details, touchpoints=touchpoints))
    after = dict(shown_details(kind, new.details, touchpoints=touchpoints))
    changed = [label for label in {**before, **after} if before.get(label) != after.get(label)]
    for label in changed:
        was, now = before.get(label, ""), after.get(label, "")
        if was and now:
            words = _("{label} is now {new}; it was {old}.")
        elif now:
            words = _("{label} is now {new}.")
        else:
            words = _("{label} is no longer given; it was {old}.")
        line = words.format(label=label, new=quoted(now), old=quoted(was))
        yield _("{card}: {what}").replace("{what}", _literal(line)), Line(line)


def _leads(old: Card, new: Card) -> Lines:
    if old.leads_to == new.leads_to:
        return
    if new.leads_to:
        line = _("It now leads to the journey {title}.").format(title=quoted(new.leads_to_title))
        words = _("{card} now leads to the journey {title}.")
        yield words.replace("{title}", _literal(quoted(new.leads_to_title))), Line(line)
    else:
        line = _("It no longer leads to the journey {title}.").format(title=quoted(old.leads_to_title))
        words = _("{card} no longer leads to the journey {title}.")
        yield words.replace("{title}", _literal(quoted(old.leads_to_title))), Line(line)


def _literal(text: str) -> str:
    """Words of people inside a sentence that is formatted once more."""
    return text.replace("{", "{{").replace("}", "}}")
