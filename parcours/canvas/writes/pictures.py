import uuid
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas.models import Picture
from parcours.canvas.pictures import encode, keep
from parcours.canvas.reads import picture_view
from parcours.canvas.rights import EDIT
from parcours.canvas.shapes import PictureView
from parcours.core.errors import NotFound


@transaction.atomic
def add_picture(upload: IO[bytes], *, acting_user: Actor) -> PictureView:
    """Checks, re-encodes and stores an image; the same image twice is stored once. Raises BadInput."""
    acting_user.require(EDIT)
    encoded = encode(upload)
    keep(encoded)
    row, _new = Picture.objects.get_or_create(
        brand_id=acting_user.brand_id,
        digest=encoded.digest,
        defaults={"width": encoded.width, "height": encoded.height, "bytes": len(encoded.content)},
    )
    return picture_view(row)


def picture_of(picture_id: uuid.UUID | None, acting_user: Actor) -> Picture | None:
    """The brand's picture with that id; None for None. Raises NotFound."""
    if picture_id is None:
        return None
    row = Picture.objects.filter(pk=picture_id, brand_id=acting_user.brand_id).first()
    if row is None:
        raise NotFound(_("There is no such picture."), where="picture")
    return row
