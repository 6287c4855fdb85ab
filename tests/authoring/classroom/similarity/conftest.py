"""What the tests of similarity share: `disguising` makes copies that do not look like one."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
