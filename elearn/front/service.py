"""What the front changes: it deletes an account in all rooms at once."""

from elearn import audit
from elearn.errors import Conflict
from elearn.front import own_data
from elearn.web.own_data import Obstacle


class LeavesAGap(Conflict):
    """Something would be left that nobody looks after; ``obstacles`` says what."""

    def __init__(self, obstacles: list[Obstacle]) -> None:
        super().__init__(" ".join(obstacle.words for obstacle in obstacles))
        self.obstacles = obstacles


def delete_account(person_id: int, *, by_id: int | None, regardless: bool = False) -> None:
    """Erase a person in every room; a row without a name stays, so that marks and figures hold.

    Raise LeavesAGap where something would be left without anybody who looks after it, unless ``regardless``; NotFound where the account is
    deleted already. ``by_id``: None is the operator. It cannot be undone.
    """
    own_data.hold(person_id)
    obstacles = own_data.obstacles_of(person_id)
    if obstacles and not regardless:
        raise LeavesAGap(obstacles)
    audit.record("erase-account", "person", person_id, actor_id=by_id)
    own_data.forget(person_id)
