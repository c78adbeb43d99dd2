"""What a consumer answers: one outcome for each artifact that it judged."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass
class Outcome:
    """The answer of one consumer to one artifact."""

    target: str
    consumer: str
    case: str
    #: How many single questions were asked of the artifact: a connection, a field that was read back, a value.
    checks: int = 0
    #: What went otherwise than the rules say; empty if all agreed.
    failures: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """An outcome without any check proves nothing and does not pass."""
        return self.checks > 0 and not self.failures

    def expect(self, what: str, wanted: object, got: object) -> None:
        """Counts one question and notes the answer if it is not the wanted one."""
        self.checks += 1
        if wanted != got:
            self.failures.append(f"{what}: expected {wanted!r}, got {got!r}")

    def expect_set(self, what: str, wanted: set, got: set) -> None:
        """Counts every wanted thing and every thing that is too much, and notes some of what differs."""
        self.checks += len(wanted | got)
        missing = [f"{what}: missing {each}" for each in sorted(wanted - got, key=str)]
        beyond = [f"{what}: too much {each}" for each in sorted(got - wanted, key=str)]
        self.failures += missing[:5] + beyond[:5]

    def fail(self, what: str) -> None:
        """Counts one question that went wrong."""
        self.checks += 1
        self.failures.append(what)


def write(outcomes: list[Outcome], path: Path) -> None:
    """All outcomes as JSON, one a line, in a fixed order."""
    lines = [json.dumps(asdict(each), sort_keys=True) for each in sorted(outcomes, key=lambda o: (o.target, o.consumer, o.case))]
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
