from pathlib import Path

import pytest

from tests.catalog.evidence_folder import EvidenceFolder


@pytest.fixture
def folder(tmp_path: Path) -> EvidenceFolder:
    return EvidenceFolder(tmp_path)
