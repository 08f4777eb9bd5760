"""Counters of reach, kept in the same transaction as the acts they count."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from elearn.db import Base


class Cell(Base):
    """How many distinct people (or seats) one figure has in one period, unit and facet."""

    __tablename__ = "reach_cell"

    #: A month (2026-11), quarter (2026-Q4), year (2026), academic year (2026/27), or ``ever``.
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    #: ``learners``, ``professors`` or ``seats``.
    figure: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: Empty for all, ``module:ID`` or ``language:TAG``.
    facet: Mapped[str] = mapped_column(String(40), primary_key=True, default="")
    #: ``class:ID``, ``institution:ID``, ``country:XX``, ``area:NNN`` (UN M49; 001 is the world).
    unit: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int]


class ProfessorActivity(Base):
    """That a professor published an edition, or taught a class with a learner, in a month: one row per person, month and institution."""

    __tablename__ = "professor_activity"
    __table_args__ = (Index("ix_professor_activity_month", "month"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    #: Its first day.
    month: Mapped[date] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), primary_key=True)
