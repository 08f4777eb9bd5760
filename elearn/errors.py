"""The four refusals. Each message is for the person who reads it; anything else that is raised is a bug."""

from collections.abc import Mapping


class Refusal(Exception):
    """Something a person asked for is refused, with a reason they can read."""

    status = 400

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


class NotFound(Refusal):
    """There is no such thing, or it is not this person's to see: the two look the same."""

    status = 404


class NotAllowed(Refusal):
    """The person may see the thing, but not do this with it."""

    status = 403


class Conflict(Refusal):
    """The thing is not in a state in which this can be done, or somebody else was faster."""

    status = 409


class Invalid(Refusal):
    """What was typed cannot be taken; ``fields`` says what is wrong where, by field name."""

    status = 422

    def __init__(self, message: str = "", fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})


class TooMany(Refusal):
    """The person tried too often; ``retry_after`` is in seconds."""

    status = 429

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
