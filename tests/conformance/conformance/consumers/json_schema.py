"""Rule files before the jsonschema library, with the schema that the project publishes."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

from jsonschema import Draft202012Validator

from ..corpus import Artifact
from ..outcome import Outcome
from . import outcome

SCHEMA = Path(__file__).resolve().parents[4] / "docs" / "rules.schema.json"


class JsonSchema:
    """Validates each file, and looks at what a schema cannot say."""

    name = "json-schema"
    targets = ("json",)
    proves = (
        "rule files obey docs/rules.schema.json, itself a valid schema of draft 2020-12; every set that a hop names is there and "
        "used; no key stands twice"
    )
    blind = "the schema is the project's own; what the rules should be is not asked here"
    sample_only = False

    def __init__(self) -> None:
        self.schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        self.validator = Draft202012Validator(self.schema, format_checker=Draft202012Validator.FORMAT_CHECKER)

    def version(self) -> str:
        return f"jsonschema {version('jsonschema')}, draft 2020-12"

    def close(self) -> None:
        """It runs in this process."""

    def judge(self, artifact: Artifact) -> Outcome:
        answer = outcome(self, artifact)
        Draft202012Validator.check_schema(self.schema)
        for path in artifact.files:
            document = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_once)
            errors = [
                f"{'/'.join(map(str, error.absolute_path))}: {error.message[:120]}"
                for error in self.validator.iter_errors(document)
            ]
            answer.expect(f"{path.name}: schema", [], errors[:5])
            hops = [hop for rule in document["rules"] for hop in rule["hops"]]
            used = {hop[side]["addresses"] for hop in hops for side in ("source", "destination") if "addresses" in hop[side]}
            answer.expect_set(f"{path.name}: address sets", used, set(document["address-sets"]))
            answer.expect(f"{path.name}: the rules of the selection", artifact.rules.document, document)
        return answer


def _once(pairs: list[tuple[str, object]]) -> dict:
    """An object in which no key stands twice: the parser would keep the last."""
    keys = [key for key, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError(f"a key stands twice among {keys[:8]}")
    return dict(pairs)
