from django.db import models
from django.utils.translation import gettext_lazy as _


class Cause(models.TextChoices):
    """Why a version exists: a person kept it, or something was about to happen to the canvas."""

    KEPT = "kept", _("Kept")
    SIGNED_OFF = "signed-off", _("Signed off in a review")
    BEFORE_RESTORE = "before-restore", _("Before an earlier version was brought back")
    BEFORE_IMPORT = "before-import", _("Before a file was read over it")
    BEFORE_PROPOSALS = "before-proposals", _("Before many proposals were accepted")


class Answer(models.TextChoices):
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
