from django.db import models
from django.utils.translation import gettext_lazy as _


class Side(models.TextChoices):
    """Whether a piece of evidence speaks for what a card says, or against it."""

    FOR = "for", _("For")
    AGAINST = "against", _("Against")


class EvidenceKind(models.TextChoices):
    """What a piece of evidence is: events that a rule means, the customers of a number, or a note."""

    QUERY = "query", _("Counted")
    NUMBER = "number", _("Customers of a number")
    NOTE = "note", _("Note")


class Source(models.TextChoices):
    """Where a piece of evidence comes from. The last four are notes, the others are counted."""

    EVENTS = "events", _("Events")
    CONVERSATIONS = "conversations", _("Conversations")
    SEARCHES = "searches", _("Searches")
    FEEDBACK = "feedback", _("Feedback")
    MEASURE = "measure", _("A number of Measure or of the map")
    INTERVIEW = "interview", _("Interview")
    DOCUMENT = "document", _("Document")
    LINK = "link", _("Web page")
    OBSERVATION = "observation", _("Observation")


COUNTED_SOURCES = (Source.EVENTS, Source.CONVERSATIONS, Source.SEARCHES, Source.FEEDBACK)
NOTE_SOURCES = (Source.INTERVIEW, Source.DOCUMENT, Source.LINK, Source.OBSERVATION)


class Standing(models.TextChoices):
    """How well a card stands on its evidence; the most pressing first."""

    CONTESTED = "contested", _("Contested")
    OLD = "old", _("Old")
    NONE = "none", _("Without evidence")
    AGEING = "ageing", _("Ageing")
    FRESH = "fresh", _("Fresh")
