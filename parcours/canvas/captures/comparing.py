"""What a person would see has changed between two pictures of a page.

A pixel counts as changed when its colour lies visibly outside those within one pixel of the same place in
the other picture (in the weights of the eye for brightness and colour, after Kotsarenko and Ramos 2010):
edges drawn a little differently don't count, a price of one digit more does.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Area = tuple[float, float, float, float]
"""Left, top, width and height in hundredths of the picture."""

MOST_PIXELS = 3_000_000
MOST_AREAS = 40
_TILE = 12
_IN_A_TILE = 8
_FAR_ENOUGH = 0.1**2 * 35_215
"""A tenth of the largest distance between two colours, squared."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`share` is of the pixels that were compared; None when the pictures can't be laid over each other."""

    share: float | None
    areas: tuple[Area, ...] = ()

    @property
    def is_visible(self) -> bool:
        return self.share is None or bool(self.areas)


def compare(before: Path, after: Path, *, ignored: Collection[Sequence[float]] = ()) -> Difference:
    """`ignored` are areas of the picture in which nothing counts."""
    from PIL import Image

    with Image.open(before) as old_image, Image.open(after) as new_image:
        old, new = old_image.convert("RGB"), new_image.convert("RGB")
    if old.width != new.width:
        return Difference(None)
    if new.width * max(old.height, new.height) > MOST_PIXELS:
        old, new = old.reduce(2), new.reduce(2)
    return _compared(old, new, ignored)


def _compared(old_image: Any, new_image: Any, ignored: Collection[Sequence[float]]) -> Difference:
    import numpy as np

    height, width = max(old_image.height, new_image.height), new_image.width
    old, new = _channels(old_image, height), _channels(new_image, height)
    changed = _not_found(new, old) | _not_found(old, new)
    shared = min(old_image.height, new_image.height)
    changed[shared:] = True
    counted = np.ones((height, width), bool)
    for left, top, wide, high in ignored:
        rows = slice(int(top * height / 100), int(np.ceil((top + high) * height / 100)))
        counted[rows, int(left * width / 100) : int(np.ceil((left + wide) * width / 100))] = False
    changed &= counted
    boxes, pixels = _boxes(changed)
    areas = tuple(
        (
            round(left * 100 / width, 2),
            round(top * 100 / height, 2),
            round((right - left) * 100 / width, 2),
            round((bottom - top) * 100 / height, 2),
        )
        for left, top, right, bottom in boxes
    )
    return Difference(pixels / max(int(counted.sum()), 1), areas)


def _channels(image: Any, height: int) -> "NDArray[np.float32]":
    """Brightness and two colours of each pixel, as the eye weighs them (YIQ); below the picture, nothing."""
    import numpy as np

    red, green, blue = np.moveaxis(np.asarray(image, np.float32), 2, 0)
    weighed = np.stack(
        [
            0.29889531 * red + 0.58662247 * green + 0.11448223 * blue,
            0.59597799 * red - 0.27417610 * green - 0.32180189 * blue,
            0.21147017 * red - 0.52261711 * green + 0.31114694 * blue,
        ]
    )
    whole = np.zeros((3, height, image.width), np.float32)
    whole[:, : image.height] = weighed
    return whole


def _not_found(wanted: "NDArray[np.float32]", there: "NDArray[np.float32]") -> "NDArray[np.bool_]":
    """Pixels of one picture whose colour lies outside those within a pixel of their place in the other."""
    import numpy as np

    _three, height, width = wanted.shape
    around = np.pad(there, ((0, 0), (1, 1), (1, 1)), mode="edge")
    least, most = np.full_like(there, np.inf), np.full_like(there, -np.inf)
    for down in range(3):
        for right in range(3):
            beside = around[:, down : down + height, right : right + width]
            np.minimum(least, beside, out=least)
            np.maximum(most, beside, out=most)
    far = np.square(wanted - np.clip(wanted, least, most))
    found: NDArray[np.bool_] = 0.5053 * far[0] + 0.299 * far[1] + 0.1957 * far[2] > _FAR_ENOUGH
    return found


def _boxes(changed: "NDArray[np.bool_]") -> tuple[list[tuple[int, int, int, int]], int]:
    """Boxes (left, top, right, bottom) around what changed, the largest first, and the pixels in them.

    Specks are left out; what is close together is one.
    """
    import numpy as np

    height, width = changed.shape
    rows, columns = -(-height // _TILE), -(-width // _TILE)
    whole = np.zeros((rows * _TILE, columns * _TILE), bool)
    whole[:height, :width] = changed
    tiles = whole.reshape(rows, _TILE, columns, _TILE).sum(axis=(1, 3))
    waiting = {(int(row), int(column)) for row, column in np.argwhere(tiles >= _IN_A_TILE)}
    pixels = int(tiles[tiles >= _IN_A_TILE].sum())
    boxes = []
    while waiting:
        group = _together(waiting)
        top, left = min(row for row, _ in group) * _TILE, min(column for _, column in group) * _TILE
        bottom = min((max(row for row, _ in group) + 1) * _TILE, height)
        right = min((max(column for _, column in group) + 1) * _TILE, width)
        boxes.append((left, top, right, bottom))
    boxes.sort(key=lambda box: (box[0] - box[2]) * (box[3] - box[1]))
    return boxes[:MOST_AREAS], pixels


def _together(waiting: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Takes one tile out of `waiting`, and all that touch it or each other."""
    group = [waiting.pop()]
    for row, column in group:
        for near_row in range(row - 1, row + 2):
            for near_column in range(column - 1, column + 2):
                if (near_row, near_column) in waiting:
                    waiting.remove((near_row, near_column))
                    group.append((near_row, near_column))
    return group
