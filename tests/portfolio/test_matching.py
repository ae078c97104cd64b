import pytest

from riskboard.portfolio.kinds import Matched, Relation, Scheme
from riskboard.portfolio.matching import match, matches
from riskboard.portfolio.reading import Mention
from tests.cast import make_release, make_revision

pytestmark = pytest.mark.django_db


def mention(reference: str, scheme: Scheme = Scheme.HUGGING_FACE, base: str = "") -> Mention:
    return Mention(reference, scheme, "line 1", "named", base=base)


def test_a_hub_repository_is_the_release_published_there_in_any_case() -> None:
    release = make_release(hf_repo="Keeper/Model-7B")
    found = match(mention("keeper/model-7b"))
    assert (found.release, found.relation, found.matched) == (release, Relation.SAME, Matched.EXACT)
    assert match(mention("Keeper/Model-7B", Scheme.OTHER)).release is None


def test_a_repository_of_a_revision_is_its_release() -> None:
    release = make_release(hf_repo="keeper/Model-7B")
    make_revision(release, repository="keeper/Model-7B-Instruct")
    assert match(mention("keeper/Model-7B-Instruct")).release == release


def test_what_stands_on_a_release_is_exposed_to_it() -> None:
    release = make_release(hf_repo="keeper/Model-7B")
    found = match(mention("acme/ours", base="keeper/Model-7B"))
    assert (found.release, found.relation, found.matched) == (release, Relation.FINE_TUNE, Matched.LINEAGE)


def test_a_repository_of_several_releases_is_none_of_them_for_sure() -> None:
    both = {make_release(hf_repo="keeper/All"), make_release(hf_repo="keeper/All")}
    found = match(mention("keeper/All"))
    assert (found.release, found.matched) == (None, Matched.NONE)
    assert set(found.candidates) == both


def test_answers_come_in_the_order_asked() -> None:
    release = make_release(hf_repo="keeper/Model-7B")
    found = matches([mention("no/body"), mention("keeper/Model-7B")])
    assert [each.release for each in found] == [None, release]
