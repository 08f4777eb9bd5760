"""A mail server for tests: real sockets, a thread, and as much of SMTP as a sender speaks."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class MailServer:
    """Takes mails, or refuses them as it is told to."""

    #: What it answers to RCPT, by address; others are taken.
    refuses: dict[str, str] = field(default_factory=dict)
    #: What it answers to the text of a mail instead of taking it.
    refuses_text: str = ""
    #: Hang up instead of answering RCPT to these.
    hangs_up_on: set[str] = field(default_factory=set)
    #: How long each mail takes.
    seconds: float = 0.0
    taken: list[tuple[str, str]] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.lock = threading.Lock()
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?starttls=0"

    def close(self) -> None:
        # Closing a socket does not wake who waits for its next caller.
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def _serve(self) -> None:
        while True:
            try:
                caller, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(caller,), daemon=True).start()

    def _talk(self, caller: socket.socket) -> None:
        with caller, caller.makefile("rb") as heard:

            def say(words: str) -> None:
                caller.sendall(words.encode() + b"\r\n")

            say("220 test")
            to = ""
            while line := heard.readline().decode("utf-8").strip():
                verb = line[:4].upper()
                if verb == "RCPT":
                    to = line[line.index("<") + 1 : line.index(">")]
                    if to in self.hangs_up_on:
                        return
                    say(self.refuses.get(to, "250 fine"))
                elif verb == "DATA":
                    say("354 go on")
                    body = b""
                    while (part := heard.readline()) != b".\r\n":
                        body += part
                    time.sleep(self.seconds)
                    if not self.refuses_text:
                        with self.lock:
                            self.taken.append((to, body.decode("utf-8")))
                    say(self.refuses_text or "250 taken")
                elif verb == "QUIT":
                    say("221 bye")
                    return
                else:
                    say("250 test")


@contextmanager
def mail_server(**manners: object) -> Iterator[MailServer]:
    """Yield a server with these manners."""
    server = MailServer(**manners)
    try:
        yield server
    finally:
        server.close()


def nobody_s_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]
