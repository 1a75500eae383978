"""A few page images, so that going back and forth does not render again."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from PySide6.QtGui import QImage

from hrdesk.core.documents import PageImage

MOST_IMAGES = 8
MOST_BYTES = 96 * 1024 * 1024  # an A4 page at twice the width of the column takes 14 MB


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page as it is shown: what came from the renderer, and the image Qt paints."""

    page: PageImage
    image: QImage


def shown(page: PageImage) -> ShownPage:
    """Return a page with its pixels as a Qt image, which has its own copy of them."""
    view = QImage(page.pixels, page.width, page.height, page.stride, QImage.Format.Format_RGBX8888)
    return ShownPage(page, view.copy())


class PageImages:
    """The pages shown last, the oldest forgotten first."""

    def __init__(self, most: int = MOST_IMAGES, most_bytes: int = MOST_BYTES) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._kept: OrderedDict[Hashable, ShownPage] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable) -> ShownPage | None:
        """Return a kept page."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def keep(self, key: Hashable, page: ShownPage) -> None:
        """Keep a page; at least the newest is kept, however big."""
        self._kept[key] = page
        self._kept.move_to_end(key)
        while len(self._kept) > 1 and (len(self._kept) > self._most or self._bytes() > self._most_bytes):
            self._kept.popitem(last=False)

    def _bytes(self) -> int:
        return sum(kept.image.sizeInBytes() for kept in self._kept.values())
