"""For any WSGI server: `gunicorn wsgi:app`."""

from elearn.wsgi import app

__all__ = ["app"]
