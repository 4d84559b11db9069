"""Files of journeys brought to the page: kept while somebody looks at what they would become."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas.imports.models import WaitingImport
from parcours.canvas.rights import EDIT
from parcours.core.clock import now
from parcours.core.errors import BadInput, NotFound
from parcours.core.text import one_line

KEPT = timedelta(days=1)
MOST_BYTES = 60 * 1024 * 1024
"""A journey with its pictures."""


@transaction.atomic
def keep_file(name: str, content: bytes, *, acting_user: Actor) -> uuid.UUID:
    """Keeps a file for a day; those of before go. Raises BadInput for an empty one or a very large one."""
    acting_user.require(EDIT)
    if not content:
        raise BadInput(_("There is nothing in this file."), where="file")
    if len(content) > MOST_BYTES:
        raise BadInput(
            _("The file is larger than {n} MB.").format(n=MOST_BYTES // 1024 // 1024), where="file"
        )
    WaitingImport.objects.filter(created_at__lt=now() - KEPT).delete()
    shown = one_line(name)[-255:] or "journey"
    return WaitingImport.objects.create(brand_id=acting_user.brand_id, name=shown, content=content).pk


def waiting_file(brand_id: uuid.UUID, import_id: uuid.UUID) -> tuple[str, bytes]:
    """Its name and content. Raises NotFound."""
    row = WaitingImport.objects.filter(brand_id=brand_id, pk=import_id).first()
    if row is None:
        raise NotFound(_("There is no such file."), remedy=_("Files are kept for a day; bring it again."))
    return row.name, bytes(row.content)


def forget_file(brand_id: uuid.UUID, import_id: uuid.UUID) -> None:
    WaitingImport.objects.filter(brand_id=brand_id, pk=import_id).delete()
