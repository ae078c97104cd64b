"""Which models a file of a team names: bills of materials, configurations, source, logs, tables."""

from riskboard.portfolio.reading.mentions import Fault, Mention
from riskboard.portfolio.reading.registry import LABELS, READERS, kind_of, read

__all__ = ["LABELS", "READERS", "Fault", "Mention", "kind_of", "read"]
