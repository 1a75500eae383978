from hrdesk.documents.reading.kinds import SUFFIXES
from hrdesk.ui.formats import FILTER


def test_the_file_dialogs_offer_every_file_that_can_be_read():
    offered = FILTER.partition("(")[2].partition(")")[0].split()
    assert offered == [f"*{suffix}" for suffix in SUFFIXES]
    assert {"*.pdf", "*.docx", "*.xlsx", "*.eml", "*.png"} <= set(offered)
