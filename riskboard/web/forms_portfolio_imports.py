"""What is sent to import models of a team, and what is said of the rows of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from riskboard.portfolio.importing import Choice
from riskboard.portfolio.kinds import Environment
from riskboard.portfolio.reading import LABELS
from riskboard.portfolio.reading.mentions import LARGEST
from riskboard.web.forms_board import LONGEST_QUERY
from riskboard.web.forms_portfolio import release_named
from riskboard.web.uploads import UploadForm


class PortfolioImportForm(UploadForm):
    largest = LARGEST
    too_large = f"A file may have {LARGEST // 1_000_000} MB, and pasted text a quarter of that: send it in parts."
    not_both = "Send a file or a pasted text, not both."
    nothing = "Choose a file, or paste a text."

    file = forms.FileField(label="File", required=False, allow_empty_file=True)
    text = forms.CharField(
        label="or paste a text",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(label="What it is", required=False, choices=[("", "find out"), *LABELS.items()])


class RecordForm(forms.Form):
    """For all rows that say nothing else."""

    workflow = forms.CharField(
        label="Workflow",
        required=False,
        max_length=120,
        help_text="What would stop without it. One that is new is made.",
        widget=forms.TextInput({"list": "workflows", "autocomplete": "off"}),
    )
    environment = forms.ChoiceField(
        label="Environment", required=False, choices=Environment.choices, initial=Environment.PRODUCTION
    )

    def clean_environment(self) -> Environment:
        return Environment(self.cleaned_data["environment"] or Environment.PRODUCTION)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a row, as it was typed."""

    workflow: str = ""
    release: str = ""
    unmatch: bool = False
    skip: bool = False
    wrong: str = ""

    @classmethod
    def of(cls, sent: QueryDict, pk: int) -> "Typed":
        workflow, release = (sent.get(f"{name}-{pk}", "").strip() for name in ("workflow", "release"))
        return cls(workflow, release, f"unmatch-{pk}" in sent, f"skip-{pk}" in sent, _wrong(workflow, release))

    @property
    def choice(self) -> Choice:
        release = release_named(self.release) if self.release and not self.skip else None
        return Choice(self.workflow, release, self.unmatch, self.skip)


def _wrong(workflow: str, release: str) -> str:
    if len(workflow) > 120:
        return "The name of a workflow has at most 120 letters."
    if not release:
        return ""
    if len(release) > LONGEST_QUERY:
        return "That is too long for the name of a release."
    try:
        release_named(release)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def typed_of(sent: QueryDict) -> Mapping[int, Typed]:
    """Of the rows that the page showed, by key."""
    keys = [int(key) for key in sent.getlist("row") if key.isascii() and key.isdecimal() and len(key) < 18]
    return {key: Typed.of(sent, key) for key in keys}
