from django.contrib import admin
from django.urls import path

from riskboard.web.views import health

urlpatterns = [
    path("admin/", admin.site.urls),
    path("health/", health.show, name="health"),
]
