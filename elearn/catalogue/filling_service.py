"""Proposing a country's text for a slot, and what an editor makes of it. Flushes; whoever calls commits."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select, update

from elearn import audit, clock
from elearn.accounts.permissions import Visitor
from elearn.catalogue.filling_letters import tell_author
from elearn.catalogue.filling_models import Filling
from elearn.catalogue.filling_texts import laid_out_filling
from elearn.catalogue.fillings import UNFIT_FOR_A_NAME, with_credit
from elearn.catalogue.models import Release
from elearn.catalogue.passages import Desk
from elearn.catalogue.queries import release_follows
from elearn.db import db
from elearn.errors import Conflict, Invalid

LONGEST_TEXT = 8000


@dataclass(frozen=True)
class Place:
    """A slot that an institution fills for its country."""

    institution_id: int
    country: str
    module_id: int
    language: str
    key: str


def propose_filling(visitor: Visitor, place: Place, desk: Desk, markdown: str, credit: str) -> Filling:
    """Return the text as it waits for an editor; what the institution proposed for the place before, and nobody decided, is withdrawn."""
    if UNFIT_FOR_A_NAME.search(credit):
        raise Invalid(_("The text has a fault."), {"credit": _("Write the name as people do, without brackets, stars or lines.")})
    html = laid_out_filling(desk, markdown, credited=with_credit(markdown, place.country, place.language, credit))
    at = clock.now()
    here = (Filling.institution_id == place.institution_id, Filling.module_id == place.module_id)
    mine = select(Filling.id).where(*here, Filling.language == place.language, Filling.key == place.key, Filling.state == "proposed")
    for former in db.session.scalars(mine.with_for_update()).all():
        db.session.execute(update(Filling).where(Filling.id == former).values(state="withdrawn", decided_at=at))
    filling = Filling(**vars(place), markdown=markdown, credit=credit, html=html, state="proposed", made_by_id=visitor.id, made_at=at)
    db.session.add(filling)
    db.session.flush()
    _record(visitor, filling, "propose-filling")
    return filling


def withdraw_filling(visitor: Visitor, filling: Filling) -> None:
    """Take a locked proposal back before anybody decided."""
    _check_waits(filling)
    filling.state, filling.decided_at = "withdrawn", clock.now()
    _record(visitor, filling, "withdraw-filling")


def approve_filling(visitor: Visitor, filling: Filling, word: str) -> None:
    """Have a locked proposal stand, with a release of its own, and its author told."""
    _check_waits(filling)
    filling.release_id = _release(visitor)
    _decide(visitor, filling, "approved", word)
    _record(visitor, filling, "approve-filling")
    tell_author(filling)


def decline_filling(visitor: Visitor, filling: Filling, word: str) -> None:
    """Leave a locked proposal declined, and its author told why."""
    _check_waits(filling)
    if not word:
        raise Invalid(_("Say why."), {"word": _("Say why, so that a better text can follow.")})
    _decide(visitor, filling, "declined", word)
    _record(visitor, filling, "decline-filling")
    tell_author(filling)


def end_filling(visitor: Visitor, filling: Filling, word: str) -> None:
    """Have a locked text that stands offered no more, and its author told why; courses that follow it keep what they have."""
    if filling.state != "approved":
        raise Conflict(_("This text does not stand any more."))
    if not word:
        raise Invalid(_("Say why."), {"word": _("Say why, so that a better text can follow.")})
    _decide(visitor, filling, "withdrawn", word)
    _release(visitor)
    _record(visitor, filling, "end-filling")
    tell_author(filling)


def _check_waits(filling: Filling) -> None:
    if filling.state != "proposed":
        raise Conflict(_("Somebody decided about this text meanwhile, or it was taken back."))


def _decide(visitor: Visitor, filling: Filling, state: str, word: str) -> None:
    filling.state, filling.word, filling.decided_by_id, filling.decided_at = state, word, visitor.id, clock.now()


def _release(visitor: Visitor) -> int:
    """Return a release: whatever is kept of the former one is not asked any more."""
    release = Release(released_at=clock.now(), released_by_id=visitor.id)
    db.session.add(release)
    db.session.flush()
    release_follows()
    return release.id


def _record(visitor: Visitor, filling: Filling, action: str) -> None:
    db.session.flush()
    details = {"country": filling.country, "slot": filling.key, "module": filling.module_id}
    audit.record(action, "filling", filling.id, actor_id=visitor.id, institution_id=filling.institution_id, details=details)
