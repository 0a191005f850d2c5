"""`python -m outreach` is `outreach`."""

import sys

from outreach.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
