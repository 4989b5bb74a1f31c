"""Addresses of the improvement room: findings, actions, plans."""

from lineofsight.web.improvement import actions_urls, findings_urls, plans_urls

app_name = "improvement"

urlpatterns = [*findings_urls.paths, *actions_urls.paths, *plans_urls.paths]
