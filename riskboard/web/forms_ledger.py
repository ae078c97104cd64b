from datetime import date, timedelta
from typing import Any

from riskboard.web.forms import FIRST_DAY, AsOfField, AsOfForm

USUAL = timedelta(days=90)


class LedgerForm(AsOfForm):
    """Two days; without them the last 90 days."""

    to = AsOfField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["as_of"]
        self.fields["from"] = AsOfField()  # the word is taken in Python

    def clean_to(self) -> date | None:
        return self.within_history(self.cleaned_data["to"])

    def clean_from(self) -> date | None:
        return self.within_history(self.cleaned_data["from"])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if self.errors:
            return data
        data["to"] = data["to"] or self.today
        data["from"] = data["from"] or max(FIRST_DAY, data["to"] - USUAL)
        if data["from"] >= data["to"]:
            self.add_error("to", f"The period must end after it begins, on {data['from']}.")
        return data
