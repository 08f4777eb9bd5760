"""The plan of the house; nothing to import.

Rooms stand on a staircase, lowest first; each may import from those below it, never from above or beside:

    clock < config errors db text countries < media mail audit throttle < web < accounts < catalogue
          < adaptation < learning < problems < assessment < exchange < reach < demo < front < app cli

- ``accounts``    who: people, institutions, memberships, roles, sign-in
- ``catalogue``   what: series, modules, sections, quizzes, guides, revisions; the content compiler; search; glossary
- ``adaptation``  a professor's own course: overlays and editions
- ``learning``    classes, enrolments, reading, activity, results
- ``problems``    reports of problems with a passage, and their answers
- ``assessment``  attempts, answers and marking
- ``reach``       the counting rule, counters, figures, report
- ``demo``        a demonstration that may be thrown away
- ``front``       the pages that compose rooms

docs/architecture.md draws it and says why.
"""
