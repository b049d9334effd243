"""What every test needs: a cache of compiled models of its own."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("DUDLEY_SD_CACHE", tempfile.mkdtemp(prefix="dudley-sd-tests-"))
