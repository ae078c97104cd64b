from django import forms

from riskboard.ingest.evidence_releases.models import ReleaseDifference

REASON_LENGTH = 400


class DecideForm(forms.Form):
    """What becomes of a row that is otherwise here than in a release."""

    do = forms.ChoiceField(
        choices=[("take", "take"), ("keep", "keep")],
        error_messages={
            "required": "Choose to take it or to keep ours.",
            "invalid_choice": "Choose to take it or to keep ours.",
        },
    )
    columns = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": "“%(value)s” is no column that differs."}
    )
    reason = forms.CharField(
        required=False,
        max_length=REASON_LENGTH,
        error_messages={"max_length": f"Give the reason in at most {REASON_LENGTH} characters."},
    )

    def __init__(self, data: object, difference: ReleaseDifference) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # what a request holds
        columns = self.fields["columns"]
        assert isinstance(columns, forms.MultipleChoiceField)
        columns.choices = [(name, name) for name in difference.columns]
