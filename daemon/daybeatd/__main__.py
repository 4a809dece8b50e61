"""`python -m daybeatd` is `daybeatd`."""

import sys

from daybeatd import daybeatd

sys.exit(daybeatd())
