from pathlib import Path

import pytest

from riskboard.web import checks


def test_every_missing_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "luxon.min.js").write_text("")
    assert checks.missing_vendor_files(tmp_path) == [
        "chart.umd.min.js",
        "chartjs-adapter-luxon.umd.min.js",
        "chartjs-plugin-annotation.min.js",
    ]


def test_the_check_warns_until_the_files_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "VENDOR_DIRECTORY", tmp_path)
    (warning,) = checks.vendor_files_present(None)
    assert warning.id == "riskboard.W001"
    assert "pages show tables instead of charts" in warning.msg
    for name in checks.VENDOR_FILES:
        (tmp_path / name).write_text("")
    assert checks.vendor_files_present(None) == []
