"""The cmdlets that a script may call, as Microsoft documents them.

learn.microsoft.com/powershell/module/netsecurity, .../module/defender, .../module/dnsclient, .../module/netconnection and
.../module/microsoft.powershell.core: the parameters that may be given, those of which one must be, and words that are values.
"""

from __future__ import annotations

from dataclasses import dataclass, field

COMMON = frozenset("ErrorAction WarningAction Verbose Debug ErrorVariable OutVariable OutBuffer WhatIf Confirm".split())
STORE = frozenset("PolicyStore GPOSession".split())
CIM = frozenset("CimSession ThrottleLimit AsJob".split())
#: Of New- and Set-NetFirewallRule.
CONDITIONS = frozenset(
    "Description Enabled Profile Platform Direction Action EdgeTraversalPolicy LooseSourceMapping LocalOnlyMapping Owner "
    "LocalAddress RemoteAddress Protocol LocalPort RemotePort IcmpType DynamicTarget Program Package Service InterfaceAlias "
    "InterfaceType LocalUser RemoteUser RemoteMachine Authentication Encryption OverrideBlockRules".split()
)


@dataclass(frozen=True)
class Cmdlet:
    """What a call may and must have."""

    parameters: frozenset[str]
    #: All of these.
    mandatory: frozenset[str] = frozenset()
    #: One of these: without a selector, `Remove-NetFirewallRule` "removes all of the static local firewall rules".
    selector: frozenset[str] = frozenset()
    #: How many values may stand without a parameter's name.
    positional: int = 0
    switches: frozenset[str] = field(default=frozenset())


def _cmdlet(
    parameters: str,
    mandatory: str = "",
    selector: str = "",
    positional: int = 0,
    switches: str = "",
    more: frozenset[str] = frozenset(),
) -> Cmdlet:
    every = frozenset(parameters.split()) | more | frozenset(switches.split()) | COMMON
    return Cmdlet(every, frozenset(mandatory.split()), frozenset(selector.split()), positional, frozenset(switches.split()))


CMDLETS = {
    "New-NetFirewallRule": _cmdlet(
        "Name DisplayName Group RemoteDynamicKeywordAddresses PolicyAppId", "DisplayName", more=CONDITIONS | STORE | CIM
    ),
    "Set-NetFirewallRule": _cmdlet(
        "Name DisplayName Group DisplayGroup InputObject NewDisplayName",
        selector="Name DisplayName Group DisplayGroup InputObject",
        switches="PassThru",
        more=CONDITIONS | STORE | CIM,
    ),
    "Remove-NetFirewallRule": _cmdlet("Name", "Name", "Name", more=STORE | CIM),
    "Get-NetFirewallRule": _cmdlet("Name DisplayName Group DisplayGroup", switches="All TracePolicyStore", more=STORE | CIM),
    "Get-NetFirewallProfile": _cmdlet("Name", switches="All", more=STORE | CIM),
    "Open-NetGPO": _cmdlet("PolicyStore DomainController", "PolicyStore", more=CIM),
    "Save-NetGPO": _cmdlet("GPOSession", "GPOSession", more=CIM),
    # No -PolicyStore, no -GPOSession: keywords cannot be put into a GPO.
    "New-NetFirewallDynamicKeywordAddress": _cmdlet("Id Keyword Addresses AutoResolve", "Id Keyword", more=CIM),
    "Get-NetFirewallDynamicKeywordAddress": _cmdlet(
        "Id", selector="Id All AllAutoResolve AllNonAutoResolve", switches="All AllAutoResolve AllNonAutoResolve", more=CIM
    ),
    "Remove-NetFirewallDynamicKeywordAddress": _cmdlet("Id", "Id", "Id", more=CIM),
    "Get-NetConnectionProfile": _cmdlet(
        "Name InterfaceAlias InterfaceIndex NetworkCategory IPv4Connectivity IPv6Connectivity", more=CIM
    ),
    "Get-MpComputerStatus": _cmdlet("", more=CIM),
    "Get-MpPreference": _cmdlet("", more=CIM),
    "Get-DnsClientServerAddress": _cmdlet("InterfaceAlias InterfaceIndex AddressFamily", more=CIM),
    "Get-DnsClientDohServerAddress": _cmdlet("ServerAddress", more=CIM),
    "Get-Command": _cmdlet("Name Module Verb Noun CommandType", positional=1),
    "Where-Object": _cmdlet("FilterScript", positional=1),
    "ForEach-Object": _cmdlet("Process Begin End", positional=1),
    "Sort-Object": _cmdlet("Property", positional=1, switches="Unique Descending CaseSensitive"),
    "Out-Null": _cmdlet(""),
    # The script block that a function of the scripts is given.
    "$Query": _cmdlet(""),
    "Write-Warning": _cmdlet("Message", positional=1),
}
ERROR_ACTIONS = {"Stop", "SilentlyContinue", "Continue", "Ignore"}
#: Values of the parameters of a rule, where there are only these.
VALUES = {
    "Direction": {"Inbound", "Outbound"},
    "Action": {"Allow", "Block", "NotConfigured"},
    # "The acceptable values for this parameter are: True, False": words, no booleans.
    "Enabled": {"True", "False"},
    "Profile": {"Any", "Domain", "Private", "Public", "Domain,Private"},
    "Protocol": {"TCP", "UDP"},
}
