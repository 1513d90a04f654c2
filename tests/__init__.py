"""Every ring of tests. What Python compiles is kept, also where a machine says otherwise: dozens of processes are started,
and each would compile for itself what another one has compiled already."""

import os
import sys

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
