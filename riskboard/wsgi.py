import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskboard.settings")

application = get_wsgi_application()
# Before the server forks: the pages' code is loaded once, and the first reader does not wait for it.
import_module("riskboard.urls")
