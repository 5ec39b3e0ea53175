"""`python -m pelita`: the same as the installed `pelita` command."""

from __future__ import annotations

import sys

from pelita.config.cli.main import main

sys.exit(main())
