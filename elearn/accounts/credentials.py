"""Passwords and tokens; nothing here touches the database, since hashing must not hold a write turn."""

import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: The join code's letters: none that is easily taken for another.
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
#: 31 letters give 4.95 bits each; nine give 44 bits.
JOIN_CODE_LENGTH = 9

_hasher = PasswordHasher()
#: Verified when there is no such person, so that the answer takes as long.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    """Return the argon2id hash of ``password``."""
    return _hasher.hash(password)


def password_matches(password: str, hashed: str) -> bool:
    """Return whether ``password`` is the one hashed; as slow when ``hashed`` is empty."""
    try:
        return _hasher.verify(hashed or _NOBODY, password) and bool(hashed)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(hashed: str) -> bool:
    """Return whether ``hashed`` was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(hashed)


def new_token() -> str:
    """Return 256 random bits to be given to one person."""
    return secrets.token_urlsafe(32)


def digest_of_token(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_join_code() -> str:
    """Return a code that opens a class: 44 random bits, in groups that can be read aloud."""
    code = "".join(secrets.choice(LETTERS) for _ in range(JOIN_CODE_LENGTH))
    return f"{code[:3]}-{code[3:6]}-{code[6:]}"


def typed_join_code(text: str) -> str:
    """Return the code that somebody typed, however they spaced it."""
    code = "".join(c for c in text.upper() if c.isalnum())
    return f"{code[:3]}-{code[3:6]}-{code[6:]}" if len(code) == JOIN_CODE_LENGTH else ""
