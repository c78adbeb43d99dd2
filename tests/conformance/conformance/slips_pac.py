"""Slips in PAC scripts."""

from __future__ import annotations

from .slip import Slip

OLD, NEW, RESOLVER, SYNTAX = "pacparser-debian", "pacparser-quickjs", "pac-resolver", "acorn-es3"
WINDOWS, BROWSER = "wine-winhttp", "chromium-squid"
LIBRARIES = (OLD, NEW, RESOLVER)
ALL = (*LIBRARIES, WINDOWS)
#: Where the slow one is asked too.
EVERYWHERE = (*ALL, BROWSER)


def pac(name: str, find: str, put: str, caught_by: tuple[str, ...] = LIBRARIES, settings: str = "listed=proxy,others=direct") -> Slip:
    """A slip in a `portbook.pac`."""
    return Slip(name, "pac", find, put, caught_by, settings=settings)


LANGUAGE = [
    pac("a brace is lost", r"\n\};", "\n;", (*EVERYWHERE, SYNTAX)),
    pac("a quote is not escaped", r'"=login', '"="login', (*ALL, SYNTAX)),
    pac("a younger language", r"\nvar ", "\nlet ", (OLD, SYNTAX, WINDOWS)),
    pac("a comma behind the last entry", r"\] //( r-\S+)\n\};", r"], //\1\n};", (SYNTAX,)),
    pac("a function of a younger language", r"name\.indexOf\(\"\.\"\)", '(name.endsWith(".") ? 0 : name.indexOf("."))', (OLD, WINDOWS)),
    pac("other than ASCII", r"// Portbook", "// Portbook\u2019s", (SYNTAX,)),
    pac("a byte order mark", r"\A", "\ufeff", (SYNTAX,)),
    pac("the function under a name of its own", r"function FindProxyForURL\(", "function FindProxy(", (*ALL, SYNTAX)),
    pac("the function of its caller", r"\Z", "function FindProxyForURL() {}\n", (SYNTAX,), "form=function"),
]
MEANING = [
    pac("what is below for the name", r'\n  "=', '\n  ".', ALL),
    pac("the name for what is below", r'\n  "\.', '\n  "=', ALL),
    pac("the apex included", r'  "\.(\S+)": (\[[^\]]*\]),', r'  ".\1": \2, "=\1": \2,', EVERYWHERE),
    pac("an entry is lost", r'  "=login\.live\.com".*\n', "", ALL),
    pac("the other port", r"\[443, 443\]", "[80, 80]", EVERYWHERE),
    pac("one port more", r"\[443, 443\]", "[443, 444]"),
    pac("all ports", r"\[443, 443\]", "[1, 65535]", ALL),
    pac("no port of a scheme", r'case "https": case "wss": return 443;', 'case "https": case "wss": return 0;', ALL),
    pac("the number of a port not read", r"if \(named\)", "if (!named)"),
    pac("upper case", r"\.toLowerCase\(\)\.replace", ".replace", (*LIBRARIES, WINDOWS)),
    pac("the root's dot", r'\.replace\(/\\\.\$/, ""\)', "", ALL),
    pac(
        "look-alikes",
        r'for \(i = name.*\n    if \(portbookHolds\(name\.',
        'for (i = 0; i < name.length; i += 1) {\n    if (portbookHolds("." + name.',
        ALL,
    ),
    pac("what stands before a user's sign", r"String\(host \|\| .*", 'String(parts[2].split("@")[0].split(":")[0]);'),
    pac("no host without its argument", r"host \|\| authority\.replace\([^)]*\)", "host"),
    pac("past the proxy", r'return "PROXY [^"]*"; }\n  for', 'return "DIRECT"; }\n  for', EVERYWHERE),
    pac("another proxy", r'"PROXY 10\.30\.0\.5:3128"', '"PROXY 10.30.0.5:3129"', LIBRARIES),
    pac("a word that is none", r'"PROXY 10', '"HTTP-PROXY 10', LIBRARIES),
    pac("past a proxy that is down", r'"PROXY (\S+)"', r'"PROXY \1; DIRECT"', LIBRARIES),
    pac("a fallback that was asked for", r'"PROXY (\S+); DIRECT"', r'"PROXY \1"', LIBRARIES, "fallback=yes"),
    pac("everything through the proxy", r'\? "DIRECT" :', '? "PROXY 10.30.0.5:3128" :', EVERYWHERE),
    pac("an answer for the caller to give", r"return null;\n\}\n\n// Call", 'return "DIRECT";\n}\n\n// Call', LIBRARIES, "form=function"),
]
SLIPS = [*LANGUAGE, *MEANING]
