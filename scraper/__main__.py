"""``python -m scraper`` is ``scrape``."""

import sys

from scraper.cli.app import main

if __name__ == "__main__":
    sys.exit(main())
