"""Severity of a license change from the distance between the licenses."""

import pytest

from scoring.engine.license_change import LicenseTerms, license_severity
from tests.scoring.engine.dossiers import RUBRIC

APACHE = LicenseTerms("permissive", hosted_only=False, threshold=False, territory=False, use_limits=False)
LLAMA = LicenseTerms("restricted_open_weights", hosted_only=False, threshold=True, territory=True, use_limits=True)
PLAIN = LicenseTerms("restricted_open_weights", hosted_only=False, threshold=False, territory=False, use_limits=True)
HOSTED = LicenseTerms("proprietary", hosted_only=True, threshold=None, territory=None, use_limits=None)
UNREAD = LicenseTerms("restricted_open_weights", None, None, None, None)
BLANK = LicenseTerms(None, None, None, None, None)


@pytest.mark.parametrize(
    ("old", "new", "severity"),
    [
        (APACHE, HOSTED, 5),
        (HOSTED, APACHE, 5),
        (APACHE, LLAMA, 4),
        (LLAMA, APACHE, 4),
        (PLAIN, LLAMA, 3),
        (LLAMA, PLAIN, 3),
        (LLAMA, LLAMA, 2),
        (PLAIN, UNREAD, 2),
        (UNREAD, LLAMA, 2),
        (BLANK, APACHE, 2),
        (BLANK, BLANK, 2),
    ],
)
def test_severity(old: LicenseTerms, new: LicenseTerms, severity: int) -> None:
    assert license_severity(old, new, False, RUBRIC) == severity
    assert license_severity(old, new, True, RUBRIC) == min(5, severity + 1)
