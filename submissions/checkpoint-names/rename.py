"""Give a checkpoint the name that a student chose."""

import sys
from pathlib import Path

NAMES = {"twolayernet": "twolayernet", "vanilla_cnn": "vanillacnn", "MyModel_best_0217": "mymodel"}
path = Path(sys.argv[1])
path.with_name(f"{NAMES[path.stem]}.pth").rename(path)
