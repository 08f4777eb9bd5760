"""The name under which a device keeps what belongs to an account. Pure."""

import hashlib
import hmac

LENGTH = 24


def account_mark(secret_key: str, person_id: int) -> str:
    """Return what stands for an account on a device: always the same here, another elsewhere, and nothing can be learned from it."""
    made = hmac.new(secret_key.encode(), f"account on a device:{person_id}".encode(), hashlib.sha256)
    return made.hexdigest()[:LENGTH]
