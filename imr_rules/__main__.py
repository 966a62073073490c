"""``python -m imr_rules``: the command line, where the command ``imr-rules`` is not on the path."""

from imr_rules.cli import main

if __name__ == "__main__":
    main()
