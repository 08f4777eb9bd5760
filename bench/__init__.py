"""How fast the platform is, beside a bare application that does the least such a page can do (README.md says how to read it)."""
