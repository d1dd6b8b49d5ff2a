"""What is not loaded though it could be: libraries that others load where they find them, for uses that we do not have.

httpx has a command line of its own, and structlog tracebacks in colour; for those the two load a third of a second of
other libraries' code.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Whatever is imported within finds these modules missing, unless somebody has loaded them before."""
    missing = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(missing))  # type: ignore[arg-type]  # None makes an import fail, by its own rules
    try:
        yield
    finally:
        for name in missing:
            del sys.modules[name]
