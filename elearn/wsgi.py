"""The application as a WSGI server wants it."""

from elearn.app import create_app

app = create_app()
