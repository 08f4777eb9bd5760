"""Work that nobody waits for: written down with the act it belongs to, run after the commit, again where a worker died."""
