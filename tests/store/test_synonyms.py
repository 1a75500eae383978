import pytest

from hrdesk.core.errors import NotFound
from hrdesk.core.synonyms import Synonym
from hrdesk.store.database import Database
from hrdesk.store.synonyms import SynonymStore

PTO = Synonym("PTO", "annual leave", "synonym_1")
WFH = Synonym("WFH", "remote work", "synonym_2")


@pytest.fixture
def synonyms(database: Database) -> SynonymStore:
    return SynonymStore(database)


def test_synonyms_are_kept_in_order_and_changed_in_place(synonyms: SynonymStore):
    synonyms.put([PTO, WFH])
    changed = Synonym("PTO", "vacation", "synonym_1")
    synonyms.put([changed])
    assert synonyms.synonyms() == [changed, WFH]


def test_a_removed_one_can_be_brought_back_to_its_place(synonyms: SynonymStore):
    synonyms.put([PTO, WFH])
    synonyms.remove(PTO.id)
    assert synonyms.synonyms() == [WFH]
    synonyms.remove(PTO.id, removed=False)
    assert synonyms.synonyms() == [PTO, WFH]


def test_one_that_is_not_there_is_said(synonyms: SynonymStore):
    with pytest.raises(NotFound):
        synonyms.remove("synonym_9")
