"""The application gunicorn serves: `lineofsight.web.site.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lineofsight.web.site.settings")

application = get_wsgi_application()
