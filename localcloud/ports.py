"""Ports to listen on: the one asked for, or the next free one."""

import errno
import socket

HOST = "127.0.0.1"
TRIES = 100


def listen(wanted: int) -> socket.socket:
    """A socket that listens on ``wanted`` or, when that is taken, on the next free port.

    It listens at once, so that nothing else can take the port while the server is still loading.

    :raises OSError: when none of the next hundred ports is free.
    """
    for port in range(wanted, min(wanted + TRIES, 65536)):
        candidate = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((HOST, port))
            candidate.listen()
        except OSError as error:
            candidate.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
        else:
            return candidate
    raise OSError(errno.EADDRINUSE, f"no free port from {wanted} to {wanted + TRIES - 1} on {HOST}")
