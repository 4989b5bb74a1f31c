"""How gunicorn serves the house: `gunicorn -c python:lineofsight.web.site.gunicorn_settings`.

The access log holds the path and never the query string (rule: no personal data in logs).
"""

wsgi_app = "lineofsight.web.site.wsgi:application"
bind = "127.0.0.1:8000"
# Two web processes and one worker by default (DESIGN 5 O). Threads, so that a slow reader blocks nobody.
workers = 2
worker_class = "gthread"
threads = 4
preload_app = False
timeout = 60
graceful_timeout = 20
keepalive = 5
forwarded_allow_ips = "127.0.0.1"
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(b)s %(M)sms"
