"""On the PYTHONPATH of the server under test: writes down who it speaks to beyond this machine."""

import os
import sys

HERE = ("127.", "localhost", "::1")


def watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    else:
        return
    name = host.decode() if isinstance(host, bytes) else host
    if isinstance(name, str) and name and not name.startswith(HERE):
        with open(os.environ["SPOKEN_TO"], "a", encoding="utf-8") as log:
            log.write(f"{event} {name}\n")


sys.addaudithook(watch)
