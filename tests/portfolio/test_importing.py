import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from riskboard.portfolio.importing import Choice, Recorded, begin, record
from riskboard.portfolio.kinds import Environment, Matched, Relation
from riskboard.portfolio.models import Deployment, PortfolioImport, Team
from riskboard.portfolio.reading import Fault
from tests.cast import make_release
from tests.portfolio.making import make_deployment, make_import, make_team, make_workflow

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def team() -> Team:
    return make_team()


def sent(team: Team, text: str, name: str = "models.csv", kind: str | None = None) -> PortfolioImport:
    return begin(team, name=name, content=text.encode(), kind=kind, by=None, now=NOW)


def recorded(imported: PortfolioImport, choices: dict[int, Choice] | None = None, workflow: str = "Chat") -> Recorded:
    production = Environment.PRODUCTION
    said = {"workflow": workflow, "environment": production, "everything": choices is None, "now": NOW}
    return record(imported, choices or {}, **said)  # type: ignore[arg-type]  # a plain dictionary of its arguments


def test_what_a_file_names_waits_with_what_it_matched(team: Team) -> None:
    release = make_release(hf_repo="keeper/Model-7B")
    imported = make_import(team, "keeper/Model-7B", "someone/Model-7B-GGUF", "acme/own")
    found = [(row.release, row.matched, row.state) for row in imported.mentions.all()]
    assert found == [
        (release, Matched.EXACT, "waiting"),
        (release, Matched.GUESS, "waiting"),
        (None, Matched.NONE, "waiting"),
    ]
    assert not Deployment.objects.of(team).exists()


def test_a_bill_of_materials_keeps_the_revision(team: Team) -> None:
    component = {"type": "machine-learning-model", "name": "keeper/Model-7B", "version": "a" * 40}
    component["purl"] = f"pkg:huggingface/keeper/Model-7B@{'a' * 40}"
    text = json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [component]})
    imported = sent(team, text, "bom.json")
    assert imported.kind == "cyclonedx"
    assert [row.revision for row in imported.mentions.all()] == ["a" * 40]


@pytest.mark.parametrize(
    ("text", "where", "reason"),
    [
        ("model,tier\na/b,9\n", "line 2", "tier"),
        ("model,switch_low\na/b,1\n", "line 2", "give all three"),
        ("model,mirror\na/b,verified\n", "line 2", "needs mirror_sha256"),
        ("model,mirror_checked_on\na/b,yesterday\n", "line 2", "mirror_checked_on"),
        ("model,environment\na/b,\nc/d,moon\n", "line 3", "environment"),
        ("model\n", "", "names no model"),
    ],
)
def test_what_the_tables_would_refuse_is_said_at_once(team: Team, text: str, where: str, reason: str) -> None:
    with pytest.raises(Fault) as refused:
        sent(team, text)
    assert refused.value.path == where
    assert reason in refused.value.reason
    assert not team.imports.exists()


def test_cells_fill_the_deployment_and_its_new_workflow(team: Team) -> None:
    header = "workflow,owner,tier,tolerated_outage_days,environment,model,switch_low,switch_likely,switch_high"
    text = f"{header},mirror_checked_on,note\nTriage,Ops,1,2.5,staging,acme/own,1,2,4,2026-01-31,ours\n"
    recorded(sent(team, text), workflow="")
    made = Deployment.objects.of(team).get()
    assert (made.workflow.name, made.workflow.owner, made.workflow.tier) == ("Triage", "Ops", 1)
    assert made.workflow.tolerated_days == Decimal("2.5")
    assert (made.environment, made.switch_likely, made.note) == ("staging", Decimal(2), "ours")
    assert made.mirror_checked_on == date(2026, 1, 31)


def test_what_is_not_matched_is_recorded_as_that(team: Team) -> None:
    result = recorded(make_import(team, "acme/own"))
    assert [(each.release, each.matched) for each in result.made] == [(None, Matched.NONE)]
    assert team.imports.get().recorded_at == NOW


def test_a_second_time_finds_what_is_there(team: Team) -> None:
    first = recorded(make_import(team, "acme/own"))
    again = make_import(team, "acme/own")
    result = recorded(again, workflow="chat")
    assert (result.made, result.there_already) == ([], first.made)
    assert again.mentions.get().deployment == first.made[0]
    assert recorded(again) == Recorded()
    assert Deployment.objects.of(team).count() == 1


def test_what_is_retired_or_in_another_workflow_is_not_in_the_way(team: Team) -> None:
    make_deployment(team, reference="acme/own", workflow=make_workflow(team, "Chat"), retired_on=date(2026, 1, 1))
    make_deployment(team, reference="acme/own", workflow=make_workflow(team, "Search"))
    assert len(recorded(make_import(team, "acme/own")).made) == 1


def test_a_choice_matches_by_hand_unmatches_and_leaves_out(team: Team) -> None:
    release, other = make_release(hf_repo="keeper/Model-7B"), make_release()
    imported = make_import(team, "a/Model-7B-GGUF", "b/Model-7B-GGUF", "c/Model-7B-GGUF", "d/Model-7B-GGUF")
    a, b, c, d = imported.mentions.all()
    choices = {
        a.pk: Choice(),
        b.pk: Choice(workflow="Search", release=other),
        c.pk: Choice(unmatch=True),
        d.pk: Choice(skip=True),
    }
    result = recorded(imported, choices)
    found = [(each.workflow.name, each.release, each.matched, each.relation) for each in result.made]
    assert found == [
        ("Chat", release, Matched.GUESS, Relation.QUANTIZATION),
        ("Search", other, Matched.MANUAL, Relation.QUANTIZATION),
        ("Chat", None, Matched.NONE, Relation.QUANTIZATION),
    ]
    assert result.skipped == 1


def test_rows_that_were_not_shown_go_on_waiting(team: Team) -> None:
    imported = make_import(team, "acme/one", "acme/two")
    recorded(imported, {imported.mentions.all()[0].pk: Choice()})
    assert [row.reference for row in imported.mentions.waiting()] == ["acme/two"]
    assert imported.recorded_at is None


def test_a_row_of_another_import_is_left_alone(team: Team) -> None:
    theirs = make_import(make_team(), "acme/theirs")
    assert recorded(make_import(team, "acme/own"), {theirs.mentions.get().pk: Choice()}) == Recorded()
    assert theirs.mentions.waiting().exists()


def test_without_a_workflow_nothing_at_all_is_recorded(team: Team) -> None:
    imported = sent(team, "model,workflow\nacme/one,Chat\nacme/two,\n")
    with pytest.raises(ValidationError, match="acme/two"):
        recorded(imported, workflow="")
    assert not team.workflows.exists()
    assert imported.mentions.waiting().count() == 2
