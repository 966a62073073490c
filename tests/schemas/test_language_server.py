"""The schemas in an editor: the real yaml-language-server, on files that are right and on files that are wrong.

It is a program of npm (``npm install yaml-language-server``): ``$IMR_TEST_YAML_LANGUAGE_SERVER`` names it, or ``PATH``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from imr_rules import Rulebook
from imr_rules.schemas import FILES, case_schema, file_schema, guideline_schema
from tests.paths import ROOT, SEED

SERVER = os.environ.get("IMR_TEST_YAML_LANGUAGE_SERVER") or shutil.which("yaml-language-server")
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(SERVER is None, reason="SKIPPED LOUDLY: yaml-language-server is not installed"),
]
MTUS = ROOT / "rulesets" / "mtus"
GUIDELINE = MTUS / "chronic-pain-2009" / "behavioral-interventions.yaml"
RIGHT = {
    "case": SEED, "guideline": GUIDELINE, "layer": ROOT / "examples" / "licensed" / "layer" / "layer.yaml",
    **{kind: MTUS / f"{kind}.yaml" for kind in FILES if kind != "layer"},
}  # fmt: skip
LONGEST = 200


class Editor:
    """What an editor does: opens files, each with its schema, and shows what the server says of them."""

    def __init__(self, folder: Path) -> None:
        assert SERVER is not None
        self.folder = folder
        self._server = subprocess.Popen([SERVER, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        rulebook = Rulebook.load()
        schemas = {"case": case_schema(rulebook), "guideline": guideline_schema(rulebook)}
        schemas |= {kind: file_schema(kind) for kind in FILES}
        for kind, schema in schemas.items():
            (folder / f"{kind}.schema.json").write_text(json.dumps(schema), encoding="utf-8")
        self.settings = {
            "validate": True, "schemaStore": {"enable": False},
            "schemas": {(folder / f"{kind}.schema.json").as_uri(): f"*.{kind}.yaml" for kind in schemas},
        }  # fmt: skip
        self._send({"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}}})  # fmt: skip
        self._until(lambda said: said.get("id") == 1)
        self._send({"method": "initialized", "params": {}})
        self._send({"method": "workspace/didChangeConfiguration", "params": {"settings": {"yaml": self.settings}}})  # fmt: skip

    def says(self, kind: str, text: str, name: str) -> list[tuple[int, str]]:
        """Open a file, and return what is said of it, each with its line from 1."""
        uri = (self.folder / f"{name}.{kind}.yaml").as_uri()
        item = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": item}})
        found = self._until(
            lambda said: (
                said.get("method") == "textDocument/publishDiagnostics" and said["params"]["uri"] == uri
            )
        )
        return [
            (each["range"]["start"]["line"] + 1, each["message"]) for each in found["params"]["diagnostics"]
        ]

    def close(self) -> None:
        self._server.kill()
        self._server.communicate()

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._server.stdin is not None
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._server.stdin.flush()

    def _until(self, wanted: Any) -> dict[str, Any]:
        assert self._server.stdout is not None
        while True:
            length = 0
            while (line := self._server.stdout.readline().strip()) != b"":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            said: dict[str, Any] = json.loads(self._server.stdout.read(length))
            if said.get("method") == "workspace/configuration":
                asked = [
                    self.settings if each.get("section") == "yaml" else None
                    for each in said["params"]["items"]
                ]
                self._send({"id": said["id"], "result": asked})
            elif "id" in said and "method" in said:
                self._send({"id": said["id"], "result": None})
            if wanted(said):
                return said


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    found = Editor(tmp_path_factory.mktemp("editor"))
    yield found
    found.close()


@pytest.mark.parametrize("kind", RIGHT)
def test_nothing_is_said_of_a_file_that_is_right(editor: Editor, kind: str) -> None:
    assert editor.says(kind, RIGHT[kind].read_text(encoding="utf-8"), "right") == []


WRONG = {
    "case": [
        (r"^findings:", "findings:\n  rationael: true"),
        (r"^items:", "itmes:"),
        (r"treatment: \w+", "treatment: leeches"),
    ],
    "guideline": [
        (r"visits_if_granted <=", "visit_if_granted <="),
        (r"^source: .*", "source: mtus-2010"),
        (r"kind: limit", "kind: limits"),
        (r"\{visits_if_granted\}", "{visit_if_granted}"),
        (r"^  treatments: \[", "  treatments: [psychotherapies, "),
    ],
    "layer": [(r"^over:", "above:"), (r"^layer: .*", "layer: My Layer"), (r"^version: .*", "version: 1")],
    "sources": [
        (r"tier: mtus", "teir: mtus"),
        (r"in_force: \{from: 2009-07-18", "in_force: {since: 2009-07-18"),
        (r"edition: 2009", "edition: second"),
    ],
    "facts": [
        (r"type: yes_no", "type: boolean"),
        (r"silence: absent", "silence: no"),
        (r"asks:", "ask:"),
    ],
    "treatments": [
        (r"unit: visit", "unit: visits"),
        (r"label:", "lable:"),
        (r"postsurgical: true", "postsurgical: maybe"),
    ],
    "instruments": [
        (r"measures: mood", "measures: sadness"),
        (r"scores: \[0, 63\]", "scores: 63"),
        (r"better: \w+", "better: down"),
    ],
    "codes": [(r'^  "97110"', '  "9711"'), (r"minutes: 15", "minutes: fifteen"), (r"^codes:", "code:")],
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "place"), [(kind, place) for kind, edits in WRONG.items() for place in range(len(edits))]
)
def test_what_is_wrong_is_said_in_its_line_and_in_few_words(editor: Editor, kind: str, place: int) -> None:
    right = RIGHT[kind].read_text(encoding="utf-8")
    old, new = WRONG[kind][place]
    found = re.search(old, right, re.MULTILINE)
    assert found, f"{old} is not in the file"
    wrong = right[: found.start()] + new + right[found.end() :]
    line = right.count("\n", 0, found.start()) + 1
    said = editor.says(kind, wrong, f"wrong-{place}")
    assert said
    assert max(len(message) for _, message in said) < LONGEST, said
    assert any(line <= where <= line + 1 for where, _ in said) or new.split(":")[0] in str(said), (line, said)
