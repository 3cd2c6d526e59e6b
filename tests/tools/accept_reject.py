"""Accept or reject all tracked changes in a document with LibreOffice; runs under a Python that has LibreOffice's uno.

Usage: accept_reject.py SOFFICE PROFILE accept|reject SOURCE TARGET [SOURCE TARGET …]
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]
from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found]

COMMANDS = {"accept": ".uno:AcceptAllTrackedChanges", "reject": ".uno:RejectAllTrackedChanges"}
PATIENCE = 60


def connected(pipe: str) -> Any:
    """Return the context of a LibreOffice that listens on a pipe."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(PATIENCE * 5):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.2)
    raise SystemExit("LibreOffice did not answer")


def option(name: str, value: object) -> Any:
    """Return a named option."""
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def main(program: str, profile: str, action: str, *paths: str) -> None:
    """Resolve the changes of each source into its target."""
    pipe = f"juesuan{Path(profile).stat().st_ino}"
    arguments = [
        f"-env:UserInstallation={Path(profile).resolve().as_uri()}", "--headless", "--norestore",
        f"--accept=pipe,name={pipe};urp",
    ]
    process = subprocess.Popen([program, *arguments])
    try:
        context = connected(pipe)
        desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        dispatcher = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", context)
        for source, target in zip(paths[::2], paths[1::2], strict=True):
            url = Path(source).resolve().as_uri()
            document = desktop.loadComponentFromURL(url, "_blank", 0, (option("Hidden", True),))
            dispatcher.executeDispatch(document.CurrentController.Frame, COMMANDS[action], "", 0, ())
            document.storeToURL(Path(target).resolve().as_uri(), (option("FilterName", "MS Word 2007 XML"),))
            document.close(True)
        desktop.terminate()
        process.wait(PATIENCE)
    finally:
        process.kill()


if __name__ == "__main__":
    main(*sys.argv[1:])
