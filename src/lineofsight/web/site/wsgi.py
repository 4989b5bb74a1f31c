"""The application gunicorn serves: `lineofsight.web.site.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

from lineofsight.web.site.bodies import in_utf_8

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lineofsight.web.site.settings")

application = in_utf_8(get_wsgi_application())
