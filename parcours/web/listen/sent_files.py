"""The file that somebody brings to a page."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from parcours.core.errors import BadInput
from parcours.web.doors import Request


def sent_file(request: Request) -> "UploadedFile[Any]":
    """The form's file. Raises BadInput without one."""
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        raise BadInput(_("Choose a file first."), where="file")
    return sent
