"""The forms of secrets: access and refresh tokens, consumer keys, passwords (oauth.md 4), drawn from the org's random."""

from __future__ import annotations

from random import Random
from string import ascii_letters, ascii_uppercase, digits

_TOKEN = ascii_letters + digits + "._"
_PLAIN = ascii_letters + digits


def access_token(random: Random, org_id: str) -> str:
    """An access token, which is a session id: `<15 org id>!AQ.AQ...`, 112 characters in all."""
    return f"{org_id[:15]}!A{random.choice('QR')}{random.choice(_PLAIN)}AQ{_text(random, 91)}"


def refresh_token(random: Random) -> str:
    """A refresh token: `5Aep861` and 80 characters more."""
    return f"5Aep861{_text(random, 80)}"


def authorization_code(random: Random) -> str:
    """An authorization code: `aPrx`, 70 characters more and `==`, which a URL writes `%3D%3D`."""
    return f"aPrx{_text(random, 70)}=="


def device_code(random: Random) -> str:
    """A device code: `M04xMj` and letters and digits, 160 in all."""
    return f"M04xMj{_text(random, 154, _PLAIN)}"


def user_code(random: Random) -> str:
    """What a user types who connects a device: 8 upper-case letters and digits (oauth.md 3.5)."""
    return _text(random, 8, ascii_uppercase + digits)


def ticket(random: Random) -> str:
    """What nobody can guess: ties a form to the browser that asked for it."""
    return _text(random, 40, _PLAIN)


def consumer_key(random: Random) -> str:
    """A consumer key (client id): `3MVG9` and 80 characters more."""
    return f"3MVG9{_text(random, 80)}"


def consumer_secret(random: Random) -> str:
    """A consumer secret: 64 upper-case hex digits."""
    return f"{random.getrandbits(256):064X}"


def password(random: Random) -> str:
    """A password that meets the default policy: letters and digits, ten characters."""
    return _text(random, 9, _PLAIN) + random.choice(digits)


def security_token(random: Random) -> str:
    """A security token as the service mails it: 24 letters and digits."""
    return random.choice(ascii_uppercase) + _text(random, 23, _PLAIN)


def masked(token: str) -> str:
    """A token for reprs and reports: only its public start is shown."""
    head, mark, _ = token.partition("!")
    return f"{head}!***" if mark else f"{token[:4]}***"


def _text(random: Random, length: int, alphabet: str = _TOKEN) -> str:
    return "".join(random.choices(alphabet, k=length))
