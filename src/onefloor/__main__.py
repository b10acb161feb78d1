"""``python -m onefloor``: the same as the command ``onefloor``."""

import sys

from onefloor.cli import main

sys.exit(main())
