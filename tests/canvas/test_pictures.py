import io
from pathlib import Path

import pytest
from django.conf import LazySettings
from PIL import Image

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor, system_actor
from parcours.canvas import pictures, reads, writes
from parcours.core.errors import BadInput, NotFound
from tests.canvas.conftest import png


def file(image: Image.Image, kind: str, **options: object) -> io.BytesIO:
    upload = io.BytesIO()
    image.save(upload, kind, **options)
    upload.seek(0)
    return upload


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_the_usual_kinds_become_webp(kind: str) -> None:
    encoded = pictures.encode(file(Image.new("RGB", (30, 20), "teal"), kind))
    assert (encoded.width, encoded.height) == (30, 20)
    assert Image.open(io.BytesIO(encoded.content)).format == "WEBP"


def test_a_photograph_is_turned_upright_and_tells_nothing_about_its_camera() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "A camera"
    encoded = pictures.encode(file(Image.new("RGB", (30, 20), "teal"), "JPEG", exif=exif))
    assert (encoded.width, encoded.height) == (20, 30)
    assert b"A camera" not in encoded.content
    assert not Image.open(io.BytesIO(encoded.content)).getexif()


def test_a_screenshot_stays_exact_and_see_through() -> None:
    image = Image.new("RGBA", (40, 40), (10, 200, 30, 120))
    encoded = pictures.encode(file(image, "PNG"))
    assert Image.open(io.BytesIO(encoded.content)).convert("RGBA").getpixel((5, 5)) == (10, 200, 30, 120)


def test_a_stored_picture_stays_as_it_is_when_it_comes_again() -> None:
    first = pictures.encode(file(Image.effect_noise((300, 200), 80).convert("RGB"), "JPEG"))
    assert pictures.encode(io.BytesIO(first.content)) == first


def test_a_large_picture_is_made_to_fit() -> None:
    assert pictures.encode(png(4_000, 1_000)).width == pictures.LONGEST_SIDE


def test_too_many_pixels_are_refused_before_they_are_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PIXELS", 100)
    with pytest.raises(BadInput, match="pixels"):
        pictures.encode(png(60, 40))


def test_too_many_bytes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_BYTES", 20)
    with pytest.raises(BadInput, match="larger"):
        pictures.encode(png())


@pytest.mark.parametrize(
    "content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n\x00\x00"]
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput, match="not a picture"):
        pictures.encode(io.BytesIO(content))


def test_a_cut_off_picture_is_refused() -> None:
    whole = file(Image.effect_noise((300, 200), 80), "PNG").getvalue()
    with pytest.raises(BadInput):
        pictures.encode(io.BytesIO(whole[: len(whole) // 2]))


def test_the_same_picture_is_stored_once_a_brand(
    alice_acts: Actor, other_brand: Brand, settings: LazySettings
) -> None:
    first, second = (writes.add_picture(png(), acting_user=alice_acts) for _n in range(2))
    other = writes.add_picture(png(), acting_user=system_actor(other_brand.pk))
    assert first.id == second.id != other.id
    stored = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert len(stored) == 1
    with pytest.raises(NotFound):
        reads.picture_file(other_brand.pk, first.id)
