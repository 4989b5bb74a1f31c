"""A device in words: enough to know one's own again."""

import pytest

from lineofsight.web.access.identity.devices import device_words
from lineofsight.web.access.models import Session

CHROMIUM = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("says", "words"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROMIUM} Edg/140.0.0.0", "Edge on Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROMIUM}", "Chrome on Windows"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 16000.0.0) {CHROMIUM}", "Chrome on a Chromebook"),
        (f"Mozilla/5.0 (Linux; Android 15; Pixel 9) {CHROMIUM}", "Chrome on Android"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15",
            "Safari on a Mac",
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 CriOS/140.0 Safari/604.1",
            "Chrome on an iPad",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Something (Windows NT 10.0)", "A browser on Windows"),
        ("curl/8.5.0", "A device that does not say what it is"),
        ("", "A device that does not say what it is"),
    ],
)
def test_a_browser_is_called_what_a_person_calls_it(says, words):
    assert device_words(says) == words


def test_whatever_a_browser_says_of_itself_fits_where_it_is_kept():
    assert len(device_words("x" * 100_000 + "SamsungBrowser CrOS")) <= Session._meta.get_field("device").max_length
