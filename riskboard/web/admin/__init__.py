from riskboard.web.admin import lines, promises, terms, traces

__all__ = ["lines", "promises", "terms", "traces"]
