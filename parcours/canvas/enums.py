from django.db import models
from django.utils.translation import gettext_lazy as _


class JourneyKind(models.TextChoices):
    """What a map draws: how it is today, or how it should become."""

    AS_IS = "as-is", _("As it is")
    TO_BE = "to-be", _("As it should be")


class JourneyStatus(models.TextChoices):
    """Whether a map is being drawn, stands, or is kept for the record only."""

    DRAFT = "draft", _("Draft")
    ACTIVE = "active", _("In use")
    ARCHIVED = "archived", _("Archived")


class LaneKind(models.TextChoices):
    """What the cards of a row are about."""

    NEED = "need", _("Customer needs")
    MOMENT = "moment", _("Key moment")
    ACTION = "action", _("Actions")
    TOUCHPOINT = "touchpoint", _("Touchpoints")
    CHANNEL = "channel", _("Channels")
    EMOTION = "emotion", _("Emotion")
    QUESTION = "question", _("Questions")
    MOTIVATION = "motivation", _("Motivations")
    PAIN = "pain", _("Pain points")
    KPI = "kpi", _("KPIs")
    BRAND_FIT = "brand-fit", _("Brand fit")
    EMPLOYEE = "employee", _("Employees")
    FREE = "free", _("Notes")
