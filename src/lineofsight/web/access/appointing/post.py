"""The letter that carries an invitation, where the authority has named a mail server.

It says nothing personal: neither whose it is, nor which office, nor who invited them.
"""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail

from lineofsight.web.access.house import home_in_use

SUBJECT = "Your invitation to Line of Sight, {authority}"
BODY = """\
{authority} has invited you to Line of Sight.

Open this address within seven days to take the invitation up. It works once:

{address}

If you did not expect this, do nothing: nobody can sign in until the invitation is taken up.
"""


def can_be_sent() -> bool:
    """Whether this installation names a mail server."""
    return bool(settings.EMAIL_HOST)


def send(email: str, address: str) -> bool:
    """Send the letter; False where it could not be handed over (the address is on the page then)."""
    authority = home_in_use().authority_name
    try:
        sent = send_mail(
            SUBJECT.format(authority=authority), BODY.format(authority=authority, address=address), None, [email]
        )
    except OSError:  # smtplib’s errors are OSErrors
        return False
    return sent == 1
