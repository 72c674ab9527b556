"""One window at a time: a second start raises the first window instead. Knows nothing of what the window shows."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

WAIT_MS = 500


class SingleWindow(QObject):
    """The first of its name hears when another is started; the others know that they are not the first."""

    def __init__(self, name: str, on_second: Callable[[], None]) -> None:
        """`name`: letters and digits; it should differ from user to user."""
        super().__init__()
        self.first = True
        """Also where nobody can be asked."""
        self._on_second = on_second
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        knock = QLocalSocket()
        knock.connectToServer(name)
        if knock.waitForConnected(WAIT_MS):
            knock.disconnectFromServer()
            self.first = False
            return
        # Nobody answers: a socket that lies there is that of a window that was killed.
        QLocalServer.removeServer(name)
        self._server.listen(name)
        self._server.newConnection.connect(self._knocked)

    def _knocked(self) -> None:
        while (visitor := self._server.nextPendingConnection()) is not None:
            visitor.deleteLater()
            self._on_second()

    def close(self) -> None:
        """Let another be the first."""
        self._server.close()
