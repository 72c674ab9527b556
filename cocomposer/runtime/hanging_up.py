"""Ends a connection under a thread that reads or writes it: closing alone would leave that thread waiting for ever.

Knows connections of `multiprocessing`, not what goes over them.
"""

import contextlib
import os
import socket
from multiprocessing.connection import Connection


def hang_up(connection: Connection) -> None:
    """Whoever waits on it, here or at the other end, gets an error or the end at once. May be called twice.

    The thread that reads it closes it after that.
    """
    with contextlib.suppress(OSError, ValueError):
        if os.name == "posix":
            # Both pipes and listeners are sockets here.
            with socket.socket(fileno=os.dup(connection.fileno())) as line:
                line.shutdown(socket.SHUT_RDWR)
        else:
            connection.close()
