"""Slips in scripts and registry files for the Windows Firewall."""

from __future__ import annotations

from .slip import Slip

SCRIPT, VALUES = "windows-firewall", "windows-registry"
GRAMMAR, READER, WINE = "ms-gpfas", "dissect", "wine-reg"


def script(name: str, find: str, put: str, settings: str = "", file: str = "") -> Slip:
    """A slip in a PowerShell script."""
    return Slip(name, SCRIPT, find, put, ("powershell-grammar",), settings=settings, file=file)


def value(name: str, find: str, put: str, *caught_by: str, file: str = "", target: str = VALUES) -> Slip:
    """A slip in a registry file."""
    return Slip(name, target, find, put, caught_by, encoding="utf-16", file=file)


SLIPS = [
    script("no direction, so inbound", r"        Direction = 'Outbound'\r\n", ""),
    script("the other direction", r"Direction = 'Outbound'", "Direction = 'Inbound'"),
    script("block for allow", r"Action = 'Allow'", "Action = 'Block'"),
    script("the rule is off", r"Enabled = 'True'", "Enabled = 'False'"),
    script("a boolean for a word", r"Enabled = 'True'", "Enabled = $true"),
    script("no port", r"        RemotePort = '443'\r\n", ""),
    script("a neighbour port", r"RemotePort = '443'", "RemotePort = '444'"),
    script("UDP for TCP", r"Protocol = 'TCP'", "Protocol = 'UDP'"),
    script("no protocol", r"        Protocol = 'TCP'\r\n", ""),
    script("any address", r"(?s)RemoteAddress = @\(.*?\)", "RemoteAddress = 'Any'"),
    script("no other side", r"(?s)        RemoteAddress = @\(.*?\)\r\n", ""),
    script("an empty list", r"(?s)RemoteAddress = @\(.*?\)", "RemoteAddress = @()"),
    script("an IPv6 prefix is lost", r"            '2001:[^']*'\r\n", ""),
    script("an address is lost", r"            '10\.20\.\d+\.12'\r\n", ""),
    script("a wider network", r"'(10\.21\.\d+\.0)/28'", r"'\1/24'"),
    script("the apex for what is below it", r"Keyword = '\*\.", "Keyword = '"),
    script("a wildcard without its dot", r"Keyword = '\*\.", "Keyword = '*"),
    script("a keyword is lost", r"    @\{ Id = '[^']*'; Keyword = 'login\.live\.com' \}\r\n", ""),
    script("a keyword that nothing resolves", r" -AutoResolve \$true", ""),
    script("all profiles", r"Profile = 'Domain,Private'", "Profile = 'Any'", "profile=domain-private"),
    script("no program", r"        Program = '[^']*'\r\n", "", "restrict=program"),
    script("another program", r"Program = 'C:\\Program Files", r"Program = 'C:\\Users", "restrict=program"),
    script("no service", r"        Service = '[^']*'\r\n", "", "restrict=service"),
    script("everybody for an account", r"\(A;;CC;;;S-1-5-\d+\)", "(A;;CC;;;WD)", "restrict=account"),
    script("an unescaped quote", r"DisplayName = 'Portbook", "DisplayName = 'Port'book"),
    script("an expandable string", r"DisplayName = '([^'\r]*)'", r'DisplayName = "$(\1)"'),
    script("a lost brace", r"\}\r\n\)\r\n\r\n# The identifiers", ")\r\n\r\n# The identifiers"),
    script("removal without a name", r"(Remove-NetFirewallRule @Target) -Name \$Name", r"\1"),
    script("a parameter that is none", r"New-NetFirewallRule @Target -Group", "New-NetFirewallRule @Target -RuleGroup"),
    script("keywords in a GPO", r"(New-NetFirewallDynamicKeywordAddress) -Id", r"\1 -PolicyStore $PolicyStore -Id"),
    script("the default action switched", r"(?m)^    # (Set-NetFirewallProfile)", r"#>\n\1", file=".ps1"),
    script("a loss is not told", r"# any-azure-customer: .*\r\n", ""),
    script("a limit is not told", r"# identity-restricted: .*\r\n", ""),
    script("two rules of one name", r"(?s)(    @\{\r\n        Name = .*?\r\n    \}\r\n)", r"\1\1"),
    value("no Active=TRUE", r"\|Active=TRUE", "", GRAMMAR, READER),
    value("Active=True", r"\|Active=TRUE", "|Active=True", GRAMMAR),
    value("a /32", r"\|RA4=(10\.20\.\d+\.11)\|", r"|RA4=\1/32|", GRAMMAR),
    value("an IPv6 address under RA4", r"\|RA6=", "|RA4=", GRAMMAR),
    value("a range of ports as a port", r"\|LPort2_10=", "|LPort=", GRAMMAR),
    value("a list of ports", r"\|RPort=443\|", "|RPort=443,80|", GRAMMAR, READER),
    value("a port that is none", r"\|RPort=443\|", "|RPort=65536|", GRAMMAR, READER),
    value("the port before its protocol", r"\|Protocol=6\|RPort=443", "|RPort=443|Protocol=6", GRAMMAR),
    value("a bar in a name", r"\|Name=Portbook", "|Name=Port|book", GRAMMAR),
    value("no bar at the end", r"\|\"\r\n", '"\r\n', GRAMMAR),
    value("no address at all", r"(\|RA4=[^|]*)+", "", READER),
    value("an IPv6 rule is lost", r"\r\n\"[^\"]*-v6\"=\"v[^\r]*", "", READER),
    value("an address is lost", r"\|RA4=10\.20\.\d+\.12", "", READER),
    value("a wider network", r"\|RA4=(10\.21\.\d+\.0)/28", r"|RA4=\1/24", READER),
    value("the other direction", r"\|Dir=Out", "|Dir=In", READER),
    value("UDP for TCP", r"\|Protocol=6", "|Protocol=17", READER),
    value("no port", r"\|RPort=443", "", READER),
    value("block for allow", r"Action=Allow", "Action=Block", GRAMMAR, READER),
    value("a program beside", r"\|Name=", "|App=C:\\\\\\\\x.exe|Name=", READER),
    value("a value that undo leaves", r"\"[^\"]*\"=-\r\n", "", READER, WINE, file=".undo."),
    value("a loss is not told", r"; name-needs-address: .*\r\n", "", READER),
    value("an unescaped quote", r"\|Name=Portbook", '|Name="Portbook"', GRAMMAR, READER, WINE),
    value("an unescaped backslash", r"\|Name=Portbook", r"|Name=Port\\book", GRAMMAR, READER, WINE),
    value("another header", r"Editor Version 5", "Editor Version 6", GRAMMAR, READER, WINE),
    value("SchUseStrongCrypto off", r'(SchUseStrongCrypto"=dword:0000000)1', r"\g<1>0", WINE, target="prerequisites"),
    value("TLS 1.1 for TLS 1.2", r"(\[HKEY.*)TLS 1\.2", r"\1TLS 1.1", WINE, target="prerequisites"),
    value("the key with its markup", r"(\[HKEY.*)\\\.NETFramework", r"\1\\\\.NETFramework", WINE, target="prerequisites"),
]
