"""Another program's window onto which takes are dragged: writes what it was given to a file. Run by the walk test.

`python -m tests.fakes.drop_target REPORT X Y`: the report is JSON with the dropped file's path and its bytes in hex.
While something is dragged over it, REPORT with the ending `.over` has a byte for each time it was told so.
"""

import json
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel


class DropTarget(QLabel):
    """Takes files."""

    def __init__(self, report: Path) -> None:
        super().__init__("drop here")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWindowTitle("drop target")
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self.setAcceptDrops(True)
        self._report = report

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        with self._report.with_suffix(".over").open("ab") as told:
            told.write(b".")
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = Path(event.mimeData().urls()[0].toLocalFile())
        content = {"path": str(path), "bytes": path.read_bytes().hex(), "formats": event.mimeData().formats()}
        written = self._report.with_suffix(".part")
        written.write_text(json.dumps(content))
        written.rename(self._report)
        event.acceptProposedAction()


def main() -> int:
    """Show it until it is ended."""
    application = QApplication(sys.argv)
    target = DropTarget(Path(sys.argv[1]))
    target.setGeometry(int(sys.argv[2]), int(sys.argv[3]), 200, 150)
    target.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
