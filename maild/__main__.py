"""`python -m maild` is `maild`."""

import sys

from maild.cli.main import main

sys.exit(main())
