"""The JSON API under /api/v1/. It knows tokens and no cookies; every answer, also of what went wrong, is JSON.

A further part is a ``ninja.Router`` in a module of its own, named in ``ROUTERS`` of ``api.py``.
"""
