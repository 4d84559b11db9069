"""How long notices and the record of mails are kept."""

import uuid
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from parcours.core.clock import now
from parcours.notices.enums import MailState
from parcours.notices.models import Mail, Notice

MAILS_KEPT = timedelta(days=30)
NOTICES_KEPT = timedelta(days=400)


class _Notices:
    """What colleagues were told about each other's work."""

    label = _("Notices of colleagues")
    explanation = _("What people of the brand were told: mentions, answers, reviews that are due.")
    suggested_days = 180

    def count(self, brand_id: uuid.UUID, before: datetime) -> int:
        return self._older(brand_id, before).count()

    def remove(self, brand_id: uuid.UUID, before: datetime) -> int:
        gone, _models = self._older(brand_id, before).delete()
        return gone

    def _older(self, brand_id: uuid.UUID, before: datetime) -> QuerySet[Notice]:
        return Notice.objects.filter(brand_id=brand_id, at__lt=before)


NOTICES = _Notices()


def forget_old() -> int:
    """Removes what nobody looks for any more, whatever a brand chose; returns how many rows."""
    moment = now()
    mails, _models = (
        Mail.objects.filter(created_at__lt=moment - MAILS_KEPT)
        .exclude(state__in=[MailState.WAITING, MailState.FAILED])
        .delete()
    )
    notices, _models = Notice.objects.filter(at__lt=moment - NOTICES_KEPT).delete()
    return mails + notices
