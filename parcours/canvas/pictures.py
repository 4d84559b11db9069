"""Uploaded images: checked, turned upright, stripped of metadata, and stored once per content."""

import io
import os
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from parcours.core.errors import BadInput

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MEDIA_TYPE = "image/webp"
_LOSSLESS_WITHIN = 600_000
_QUALITY = 86


@dataclass(frozen=True, slots=True)
class Encoded:
    """A WebP image without metadata; `digest` is the SHA-256 of `content` in hexadecimal."""

    content: bytes
    digest: str
    width: int
    height: int


def encode(upload: IO[bytes]) -> Encoded:
    """The image as it will be stored: upright, at most 2,000 pixels on its longer side, not animated.

    Raises BadInput for what is too large or no PNG, JPEG, WebP or GIF image.
    """
    content = upload.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise BadInput(
            _("The picture is larger than {n} MB.").format(n=MOST_BYTES // 1024 // 1024),
            where="picture",
            remedy=_("Make it smaller and try again."),
        )
    image = _upright(content)
    if _stored_already(content):
        return Encoded(content, sha256(content).hexdigest(), image.width, image.height)
    stored = _webp(image, exact=content[:4] in (b"\x89PNG", b"GIF8"))
    return Encoded(stored, sha256(stored).hexdigest(), image.width, image.height)


def _stored_already(content: bytes) -> bool:
    """Was this written by `encode`? Then encoding it again would only lose detail: a journey that goes from
    one installation to another keeps its pictures as they are. The container holds the image alone.
    """
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return False
    whole = int.from_bytes(content[4:8], "little") + 8 == len(content)
    from PIL import Image

    with Image.open(io.BytesIO(content)) as image:
        bare = not {"exif", "xmp", "icc_profile"} & set(image.info)
        small = max(image.size) <= LONGEST_SIDE
        return whole and bare and small and not getattr(image, "is_animated", False)


def _upright(content: bytes) -> "Image":
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise BadInput(
                    _("The picture has more than {n} million pixels.").format(n=MOST_PIXELS // 1_000_000),
                    where="picture",
                    remedy=_("Make it smaller and try again."),
                )
            turned = ImageOps.exif_transpose(image)
            transparent = turned.mode in {"RGBA", "LA", "PA"} or "transparency" in turned.info
            plain = turned.convert("RGBA" if transparent else "RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadInput(
            _("The file is not a picture that can be read."),
            where="picture",
            remedy=_("Use a PNG, JPEG, WebP or GIF file."),
        ) from error
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return plain


def _webp(image: "Image", *, exact: bool) -> bytes:
    """Screenshots stay exact as long as that is small; photographs needn't."""
    if exact:
        lossless = io.BytesIO()
        image.save(lossless, "WEBP", lossless=True, method=2)
        if lossless.tell() <= _LOSSLESS_WITHIN:
            return lossless.getvalue()
    lossy = io.BytesIO()
    image.save(lossy, "WEBP", quality=_QUALITY, method=4)
    return lossy.getvalue()


def path_of(digest: str) -> Path:
    """Where the content with that digest is stored."""
    return Path(settings.MEDIA_ROOT) / "pictures" / digest[:2] / f"{digest}.webp"


def keep(encoded: Encoded) -> None:
    """Stores the content, whole or not at all; content that is there already stays."""
    path = path_of(encoded.digest)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(encoded.content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
