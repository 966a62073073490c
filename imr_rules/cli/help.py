"""The help of the program itself, from its table of commands: the parser takes longer to import than all of this."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from textwrap import fill

ABOUT = (
    "Checks requested medical services against treatment guidelines and suggests, with cited reasons, whether "
    "an Independent Medical Review would uphold or overturn the denial. It suggests; a physician decides."
)
OPTIONS = {
    "--version": "Say the version and engine.",
    "--install-completion": "Install completion for the current shell.",
    "--show-completion": "Show completion for the current shell, to copy it or customize the installation.",
    "--help": "Show this message and exit.",
}
# Each command's module, the command in it, and what the help says of it. A module is imported when its command is
# asked for: whoever asks for the help, or for one command, does not wait for all of them.
COMMANDS = {
    "screen": ("screen", "screen_command", "Suggest uphold, overturn or review, with reasons"),
    "what-if": ("what_if", "what_if_command", "What would decide an item, or flip it"),
    "charts": ("charts", "charts_command", "Visits, scores and dates: numbers, and pictures"),
    "determination": ("determination", "determination_command", "Draft the determination of an item"),
    "facts": ("facts", "facts_command", "The facts a case can give"),
    "rules": ("rules", "rules_command", "The guidelines, their limits and citations"),
    "agree": ("agree", "agree_command", "Agreement with recorded outcomes"),
    "batch": ("batch", "batch_command", "Screen many items: tables, lines, whole cases"),
    "read": ("read", "read_command", "A draft case from requests, decisions, applications, records"),
    "letter": ("letter", "letter", "Read published determination letters"),
    "lint": ("lint", "lint_command", "What is wrong with guideline files"),
    "test": ("test", "fixtures_command", "Do the fixtures get their answers?"),
    "open": ("open_case", "open_command", "One case on the reviewer's page"),
    "serve": ("serve", "serve_command", "The intake service"),
    "keys": ("keys", "keys", "Keys of the service"),
    "audit": ("audit", "audit", "The service's audit: verify, export"),
    "store": ("stores", "store", "The service's database"),
    "coverage": ("coverage", "coverage_command", "What the fixtures see of the rulebook"),
    "mutate": ("mutate", "mutate_command", "Which slips in a guideline would no fixture notice?"),
    "diff": ("diff", "diff_command", "What an edit of a rulebook changes"),
    "verify": ("verify", "verify_command", "Settle numbers with the official text at hand"),
    "formulary": ("formulary", "formulary", "The state's drug list: a form, and its import"),
    "watch": ("watch", "watch_command", "Lint, test and receipt on every save"),
    "new": ("new", "new", "Write a beginning: a rulebook, a layer, a guideline ..."),
    "schema": ("schema", "schema_command", "JSON Schema of case files and rulebook files"),
}


def program_help(name: str) -> str:
    """Return the help of the program, called so, as wide as the terminal: in the layout that its commands' help has."""
    width = max(min(shutil.get_terminal_size().columns, 80) - 2, 50)
    usage = f"Usage: {name} "
    parts = [
        fill("[OPTIONS] COMMAND [ARGS]...", width, initial_indent=usage, subsequent_indent=" " * len(usage)),
        fill(ABOUT, width, initial_indent="  ", subsequent_indent="  "),
        "\n".join(["Options:", *_listed(OPTIONS.items(), width)]),
        "\n".join(["Commands:", *_listed(((each, said) for each, (_, _, said) in COMMANDS.items()), width)]),
    ]
    return "\n\n".join(parts)


def _listed(rows: Iterable[tuple[str, str]], width: int) -> Iterator[str]:
    """Yield names with what is said of them beside them."""
    named = [*rows]
    beside = max(len(name) for name, _ in named) + 4
    for name, said in named:
        yield fill(said, width, initial_indent=f"  {name}".ljust(beside), subsequent_indent=" " * beside)
