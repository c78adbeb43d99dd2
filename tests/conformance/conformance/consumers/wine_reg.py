"""Registry files before Wine's `reg`, the only importer that could be had beside Windows."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from .. import registry
from ..corpus import Artifact
from ..outcome import Outcome
from . import outcome, program, said

INSTALL = "apt-get install wine wine64"
RULES = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\WindowsFirewall\FirewallRules"
#: What the shell says if it could not start a program, which Wine sometimes cannot: no verdict, so it is asked again.
NOT_STARTED = "9009"
MARK = "-- portbook --"
#: What the documents ask for: reference-connect-tls-enforcement of Microsoft, and how .NET and SCHANNEL name it.
TLS = {"Enabled": 1, "DisabledByDefault": 0, "SystemDefaultTlsVersions": 1, "SchUseStrongCrypto": 1}
TLS_KEYS = {
    r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\.NETFramework\v4.0.30319",
    r"HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\.NETFramework\v4.0.30319",
    r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client",
    r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Server",
}


class WineReg:
    """Imports the files of an artifact, reads the values back, imports the undo files, and looks again."""

    name = "wine-reg"
    targets = ("windows-registry", "prerequisites")
    proves = (
        "an importer takes the files, and every value comes back as it was written, quotes and backslashes too; nothing else is "
        "set; after the undo files nothing is left; TLS values are those that Microsoft documents"
    )
    blind = "Wine's reg, not regedit; what Windows does with the values is not asked"
    sample_only = True

    def __init__(self, scratch: Path):
        self.environment = {**os.environ, "WINEPREFIX": str(scratch / "wine"), "WINEDEBUG": "-all"}
        self.started = False

    def version(self) -> str:
        return said(program("wine", INSTALL), "--version")

    def close(self) -> None:
        """Stops the server of this prefix, and no other."""
        if self.started:
            subprocess.run(["wineserver", "-k"], env=self.environment, check=False)

    def judge(self, artifact: Artifact) -> Outcome:
        answer = outcome(self, artifact)
        pairs = registry.files(artifact.files)
        written = [item for _, setting, _ in pairs for item in registry.intended(setting.read_bytes()).items()]
        keys = sorted({key for (key, _), _ in written})
        imports = [setting.name for _, setting, _ in pairs]
        undo = [removing.name for _, _, removing in pairs]
        codes, after, left = self._run(artifact.files[0].parent, imports, undo, keys)
        for _ in range(2):
            if NOT_STARTED in codes:
                codes, after, left = self._run(artifact.files[0].parent, imports, undo, keys)
        answer.expect("every file is taken", ["0"] * len(codes), codes)
        answer.expect_set(
            "values", {(*name, value) for name, value in written}, {(*name, value) for name, value in after.items()}
        )
        answer.expect("left after undo", {}, left)
        if artifact.target == "prerequisites":
            for (key, name), value in written:
                answer.expect(f"{key} {name}", (True, TLS.get(name)), (key in TLS_KEYS, value))
        else:
            answer.expect("keys", [RULES], keys)
        return answer

    def _run(self, folder: Path, imports: list[str], undo: list[str], keys: list[str]) -> tuple[list[str], dict, dict]:
        """One shell for all calls of an artifact: the codes of all imports, the values after them, and those after the undo."""
        self._start()
        look = [f'reg query "{key}"' for key in keys]
        lines = ["@echo off", *(f'reg delete "{key}" /f >nul 2>nul' for key in {*keys, RULES})]
        lines += [line for name in imports for line in (f'reg import "{name}" >nul 2>nul', f"echo {MARK}%errorlevel%")]
        lines += [*look, f"echo {MARK}after"]
        lines += [line for name in undo for line in (f'reg import "{name}" >nul 2>nul', f"echo {MARK}%errorlevel%")]
        lines += [*look, f"echo {MARK}end"]
        batch = Path(self.environment["WINEPREFIX"]) / "judge.bat"
        batch.write_text("\r\n".join(lines) + "\r\n", encoding="ascii")
        printed = self._wine(folder, "cmd", "/c", f"z:{batch}")
        parts = re.split(f"{MARK}(.*)", printed.replace("\r", ""))
        codes = [part.strip() for part in parts[1::2] if part.strip() not in ("after", "end")]
        at = parts.index("after")
        return codes, values("".join(parts[:at:2])), values("".join(parts[at + 1 :: 2]))

    def _wine(self, folder: Path, *words: str) -> str:
        """What a program prints, by way of a file: services that Wine starts beside it would hold a pipe open."""
        out = Path(self.environment["WINEPREFIX"]) / "printed.txt"
        with out.open("wb") as file:
            quiet = {"stdin": subprocess.DEVNULL, "stdout": file, "stderr": subprocess.DEVNULL}
            subprocess.run(["wine", *words], env=self.environment, cwd=folder, timeout=120, check=False, **quiet)
        return out.read_text(encoding="ascii")

    def _start(self) -> None:
        """Makes the prefix at the first call, and keeps its server running."""
        if not self.started:
            self.started = True
            prefix = Path(self.environment["WINEPREFIX"])
            prefix.mkdir(parents=True, exist_ok=True)
            self._wine(prefix, "wineboot", "-i")
            subprocess.run(["wineserver", "-p"], env=self.environment, check=False)


def values(text: str) -> dict[registry.Name, str | int]:
    """What `reg query` prints: a key, then one value a line."""
    key, found = "", {}
    for line in text.splitlines():
        match = re.fullmatch(r"    (.*?)    REG_(SZ|DWORD)    (.*)", line)
        if match:
            found[key, match[1]] = int(match[3], 16) if match[2] == "DWORD" else match[3]
        elif line.startswith("HKEY_"):
            key = line
    return found
