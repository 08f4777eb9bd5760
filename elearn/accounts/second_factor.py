"""The second factor as a rule: secrets and codes of authenticators (RFC 6238), and recovery codes; nothing here touches the database."""

import base64
import hashlib
import hmac
import secrets
import unicodedata
from datetime import datetime

import pyotp
import segno

from elearn.accounts.credentials import LETTERS

STEP_SECONDS = 30
#: A clock may be wrong by so many steps, either way.
DRIFT = 1
DIGITS = 6
RECOVERY_CODES = 10
#: 31 letters give 4.95 bits each; sixteen give 79 bits, so that a plain digest of them can be kept.
RECOVERY_LETTERS = 16
LONGEST_CODE = 60


def new_nonce() -> str:
    """Return random bits from which, and the installation's key, a secret is made."""
    return secrets.token_hex(32)


def secret_of(nonce: str, key: str) -> str:
    """Return the secret of the authenticator with this nonce, as apps take it: 160 bits in base 32."""
    made = hmac.new(key.encode(), b"second-factor:" + nonce.encode(), hashlib.sha256).digest()
    return base64.b32encode(made[:20]).decode()


def in_groups(letters: str, size: int = 4, between: str = " ") -> str:
    """Return ``letters`` in groups that can be read and typed."""
    return between.join(letters[place : place + size] for place in range(0, len(letters), size))


def typed_code(typed: str) -> str:
    """Return a code as it is compared: whatever spaces, hyphens and digits of other scripts it was typed with."""
    letters = unicodedata.normalize("NFKC", typed).upper()
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in letters if c.isalnum())


def step_of(code: str, secret: str, at: datetime, after: int | None) -> int | None:
    """Return the time step for which ``code`` stands, near ``at`` and later than step ``after``; None: it stands for none."""
    now = int(at.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS)
    found = None
    for step in range(now - DRIFT, now + DRIFT + 1):
        # Every step is compared, so that the time taken tells nothing.
        if hmac.compare_digest(totp.at(step * STEP_SECONDS).encode(), code.encode()) and (after is None or step > after):
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Return codes that stand for the second factor once each, as they are shown."""
    return [in_groups("".join(secrets.choice(LETTERS) for _ in range(RECOVERY_LETTERS)), between="-") for _ in range(RECOVERY_CODES)]


def digest_of_recovery_code(person_id: int, code: str) -> str:
    """Return what the database keeps of a person's recovery code, however it was typed."""
    return hashlib.sha256(f"{person_id}:{typed_code(code)}".encode()).hexdigest()


def key_address(secret: str, *, account: str, issuer: str) -> str:
    """Return the address with which an app takes the secret (``otpauth://``)."""
    # An app shows what stands before a colon as the issuer.
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS).provisioning_uri(
        name=account.replace(":", " "), issuer_name=issuer.replace(":", " ")
    )


def picture(address: str) -> str:
    """Return a QR code of ``address`` as the address of a picture: dark on light also where the page is dark."""
    return segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
