from hrdesk.core.documents import PageImage
from hrdesk.ui.viewer.images import PageImages, ShownPage, shown


def page(number: int, side: int = 4) -> ShownPage:
    return shown(PageImage(number, 9, side, side, side * 4, bytes(side * side * 4)))


def test_the_oldest_page_is_forgotten_first(qapp):
    images = PageImages(most=2)
    for number in (1, 2):
        images.keep(number, page(number))
    assert images.get(1) is not None  # looked at again, so 2 is the oldest now
    images.keep(3, page(3))
    assert images.get(2) is None and images.get(1) is not None and len(images) == 2


def test_one_page_is_kept_however_big(qapp):
    images = PageImages(most_bytes=10)
    images.keep(1, page(1))
    images.keep(2, page(2))
    assert images.get(2) is not None and len(images) == 1
