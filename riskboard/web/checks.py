"""Says at start-up what the front end lacks, instead of leaving it to a blank chart."""

from collections.abc import Sequence
from pathlib import Path

from django.apps import AppConfig
from django.core import checks

VENDOR_DIRECTORY = Path(__file__).parent / "static" / "vendor"
VENDOR_FILES = (
    "chart.umd.min.js",
    "luxon.min.js",
    "chartjs-adapter-luxon.umd.min.js",
    "chartjs-plugin-annotation.min.js",
)


def missing_vendor_files(directory: Path = VENDOR_DIRECTORY) -> list[str]:
    return [name for name in VENDOR_FILES if not (directory / name).is_file()]


def vendor_files_present(app_configs: Sequence[AppConfig] | None, **_options: object) -> list[checks.CheckMessage]:  # noqa: ARG001 -- Django passes it by name
    missing = missing_vendor_files(VENDOR_DIRECTORY)
    if not missing:
        return []
    return [
        checks.Warning(
            f"The chart library is not set up ({', '.join(missing)} missing): pages show tables instead of charts.",
            hint="Install Node.js and start again with ./run up.",
            id="riskboard.W001",
        )
    ]
