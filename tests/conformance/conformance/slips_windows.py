"""Slips in scripts and registry files for the Windows Firewall."""

from __future__ import annotations

from .slip import Slip

SCRIPT = "windows-firewall"


def script(name: str, find: str, put: str, settings: str = "", file: str = "") -> Slip:
    """A slip in a PowerShell script."""
    return Slip(name, SCRIPT, find, put, ("powershell-grammar",), settings=settings, file=file)


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
    script("two rules of one name", r"(?s)(    @\{\r\n        Name = .*?\r\n    \}\r\n)", r"\1\1"),
]
