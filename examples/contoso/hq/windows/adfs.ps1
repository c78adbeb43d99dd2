# Portbook: Microsoft Entra Cloud Sync + Microsoft Entra Connect Sync + AD FS farm and Web Application Proxy + Microsoft Entra Connect Health + Microsoft Entra Password Protection + Microsoft Entra hybrid join, Azure public cloud
# documents: ad-fs-requirements 2018-03-06, connect-connectivity-troubleshooting 2025-04-09, connect-ports 2025-04-09, health-agent-install 2026-05-26, m365-worldwide-endpoints 2022-07-29, password-protection-deploy 2025-03-04, portbook-gaps ; rule set nkr54szwcu
# 201 rules: 183 exact, 18 not applicable. Enforces if the profile's DefaultOutboundAction is Block (outbound rules) or DefaultInboundAction is Block (inbound rules).
# documented elsewhere: cloud-sync-troubleshooting 2026-08-21 names 17 more, not in here
# documented elsewhere: ad-fs-securing 2024-02-13 names 9 more, not in here
# For adfs (ad-fs-server, health-agent): 15 firewall rules.

<#
.SYNOPSIS
Allows in the Windows Firewall what Microsoft documents for this host.
.DESCRIPTION
Creates the rules that are missing, updates the others in place, and removes rules of its own group that are no longer
listed. It touches no other rule and switches no default action. Run it again at any time.
.PARAMETER PolicyStore
PersistentStore, or localhost for the local GPO.
.PARAMETER Remove
Removes everything that this script made, and nothing else.
.NOTES
The rules make a difference where the profile blocks what no rule allows. This script does not switch that. Before you
do, allow what every host needs besides: DNS, DHCP, domain controllers, time, updates.
    # Set-NetFirewallProfile -Name Domain -DefaultOutboundAction Block
#>
#Requires -Version 5.1
#Requires -Modules NetSecurity
#Requires -RunAsAdministrator
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [ValidateSet('PersistentStore', 'localhost')]
    [string] $PolicyStore = 'PersistentStore',
    [switch] $Remove
)

# The cmdlets of NetSecurity do not see this script's preferences, so each call says -ErrorAction Stop and stands behind
# ShouldProcess.
$ErrorActionPreference = 'Stop'

$Group = 'Portbook/contoso-hq/adfs'
$Prefix = 'portbook-contoso-hq-adfs-'

$Keywords = @(
)

# The parameters of New-NetFirewallRule.
$Rules = @(
    @{
        Name = 'portbook-contoso-hq-adfs-r-ufh67m3ihw-out'
        DisplayName = 'Portbook r-ufh67m3ihw: ad-fs-server to dns-server, TCP 53'
        Description = 'both servers reach each other and the clients'' certificate authorities by name; connect-ports (2025-04-09, table 1) states DNS for the Connect server only (no document states it)'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '53'
        RemoteAddress = @(
            '10.10.0.0/28'
        )
    }
    @{
        Name = 'portbook-contoso-hq-adfs-r-jpcaloe5lf-out'
        DisplayName = 'Portbook r-jpcaloe5lf: ad-fs-server to dns-server, UDP 53'
        Description = 'both servers reach each other and the clients'' certificate authorities by name; connect-ports (2025-04-09, table 1) states DNS for the Connect server only (no document states it)'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        RemotePort = '53'
        RemoteAddress = @(
            '10.10.0.0/28'
        )
    }
    @{
        Name = 'portbook-contoso-hq-adfs-r-2coc4gza45-out'
        DisplayName = 'Portbook r-2coc4gza45: ad-fs-server to domain-controller, TCP 88'
        Description = 'AD FS servers are members of a domain and authenticate users against it; connect-ports (2025-04-09, table 1) states Kerberos for the Connect server only (no document states it)'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '88'
        RemoteAddress = @(
            '10.10.0.0/28'
        )
    }
    @{
        Name = 'portbook-contoso-hq-adfs-r-ssuketdntd-out'
        DisplayName = 'Portbook r-ssuketdntd: ad-fs-server to domain-controller, TCP 389'
        Description = 'a domain member locates its controllers by LDAP and AD FS reads the attributes of its claims there; connect-ports (2025-04-09, table 1) states LDAP for the Connect server only (no document states it)'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '389'
        RemoteAddress = @(
            '10.10.0.0/28'
        )
    }
    @{
        Name = 'portbook-contoso-hq-adfs-r-ai5qjrpwa5-out'
        DisplayName = 'Portbook r-ai5qjrpwa5: ad-fs-server to domain-controller, TCP 3268'
        Description = 'sign-in with a user principal name in a forest of several domains is looked up in the global catalog; connect-ports (2025-04-09, table 1) states 3268 for the Connect server only (no document states it)'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '3268'
        RemoteAddress = @(
            '10.10.0.0/28'
        )
    }
    @{
        Name = 'portbook-contoso-hq-adfs-r-7nuhdgy4cm-out'
        DisplayName = 'Portbook r-7nuhdgy4cm: ad-fs-server to domain-controller, UDP 88'
        Description = 'AD FS servers are members of a domain and authenticate users against it; connect-ports (2025-04-09, table 1) states Kerberos for the Connect server only (no document states it)'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        RemotePort = '88'
        RemoteAddress = @(
            '10.10.0.0/28'
        )
    }
    @{
        Name = 'portbook-contoso-hq-adfs-r-2sqcyf34bz-out'
        DisplayName = 'Portbook r-2sqcyf34bz: ad-fs-server to domain-controller, UDP 123'
        Description = 'a domain member takes its time from the domain, and neither Kerberos nor signed tokens survive a wrong clock; no document of this catalog states it (no document states it)'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        RemotePort = '123'
        RemoteAddress = @(
            '10.10.0.0/28'
        )
    }
    @{
        Name = 'portbook-contoso-hq-adfs-r-jzeb3jqanm-out'
        DisplayName = 'Portbook r-jzeb3jqanm: ad-fs-server to domain-controller, UDP 389'
        Description = 'a domain member locates its controllers by LDAP and AD FS reads the attributes of its claims there; connect-ports (2025-04-09, table 1) states LDAP for the Connect server only (no document states it)'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        RemotePort = '389'
        RemoteAddress = @(
            '10.10.0.0/28'
        )
    }
    @{
        Name = 'portbook-contoso-hq-adfs-r-nfjh7ejs6c-in'
        DisplayName = 'Portbook r-nfjh7ejs6c: connect-server to ad-fs-server, TCP 80'
        Description = 'certificate revocation lists (as the text says)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '80'
        RemoteAddress = @(
            '10.20.0.21'
            '10.20.0.22'
        )
    }
    @{
        Name = 'portbook-contoso-hq-adfs-r-qqvkqiu6l2-in'
        DisplayName = 'Portbook r-qqvkqiu6l2: connect-server to ad-fs-server, TCP 443'
        Description = 'synchronization with Entra ID (as the text says)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '443'
        RemoteAddress = @(
            '10.20.0.21'
            '10.20.0.22'
        )
    }
    @{
        Name = 'portbook-contoso-hq-adfs-r-bfzvscmrge-in'
        DisplayName = 'Portbook r-bfzvscmrge: connect-server to ad-fs-server, TCP 5985'
        Description = 'WinRM listener'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '5985'
        RemoteAddress = @(
            '10.20.0.21'
            '10.20.0.22'
        )
    }
    @{
        Name = 'portbook-contoso-hq-adfs-r-f2tihl3l5z-out'
        DisplayName = 'Portbook r-f2tihl3l5z: health-agent to dns-server, TCP 53'
        Description = 'every name of health-agent-install has to be resolved; the page states no port for it (no document states it)'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '53'
        RemoteAddress = @(
            '10.10.0.0/28'
        )
    }
    @{
        Name = 'portbook-contoso-hq-adfs-r-jcxepc3e2e-out'
        DisplayName = 'Portbook r-jcxepc3e2e: health-agent to dns-server, UDP 53'
        Description = 'every name of health-agent-install has to be resolved; the page states no port for it (no document states it)'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        RemotePort = '53'
        RemoteAddress = @(
            '10.10.0.0/28'
        )
    }
    @{
        Name = 'portbook-contoso-hq-adfs-proxy-bifw3cvj-out'
        DisplayName = 'Portbook: health-agent to proxy proxy.contoso.com:8080, TCP 8080'
        Description = 'for 14 rules: r-zragfkyogv r-xviinyiqx7 r-ncp2h23pi3 r-fe5j4hsdeu r-gd37rh6toh r-gfcmdnuqj7 r-3ykmcbnw5i r-ceh2cn4mxq r-4cehpt3zcd r-k36guzxr3h r-kd2dpuvnoo r-gs7zrpo5ct r-3qkrlf57aj r-lkxget2ncy'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '8080'
        RemoteAddress = @(
            '10.30.0.5'
            '10.30.0.6'
        )
    }
    @{
        Name = 'portbook-contoso-hq-adfs-r-qya5qt7t7q-in'
        DisplayName = 'Portbook r-qya5qt7t7q: web-application-proxy to ad-fs-server, TCP 443'
        Description = 'authentication'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '443'
        RemoteAddress = @(
            '10.30.0.21'
            '10.30.0.22'
        )
    }
)

# The identifiers of the dynamic keywords of a rule, in one spelling.
function Get-KeywordId {
    param($Rule)
    $Rule.RemoteDynamicKeywordAddresses | Where-Object { $_ } | ForEach-Object { "$_".Trim('{}').ToLowerInvariant() }
}

# Runs a query; that nothing was found is an answer, any other error is one.
function Get-Found {
    param([scriptblock] $Query)
    try { & $Query } catch { if ($_.CategoryInfo.Category -ne 'ObjectNotFound') { throw } }
}

# The profiles as they are in force, and a warning where these rules make no difference.
function Get-ProfileState {
    $networks = @(Get-NetConnectionProfile -ErrorAction SilentlyContinue | ForEach-Object { "$($_.NetworkCategory)" -replace 'Authenticated$', '' })
    foreach ($found in Get-NetFirewallProfile -PolicyStore ActiveStore -ErrorAction Stop) {
        $state = [pscustomobject] @{
            Profile = "$($found.Name)"
            InUse = $networks -contains "$($found.Name)"
            Enabled = "$($found.Enabled)"
            DefaultOutboundAction = "$($found.DefaultOutboundAction)"
            DefaultInboundAction = "$($found.DefaultInboundAction)"
            AllowLocalPolicyMerge = "$($found.AllowLocalFirewallRules)"
        }
        if ($state.InUse -and $state.Enabled -eq 'False') {
            Write-Warning "Profile $($state.Profile) is off: everything passes."
        }
        if ($state.InUse -and $state.DefaultOutboundAction -ne 'Block') {
            Write-Warning "Profile $($state.Profile) lets out what no rule blocks (DefaultOutboundAction $($state.DefaultOutboundAction)): the outbound rules make no difference."
        }
        if ($state.InUse -and $state.DefaultInboundAction -ne 'Block') {
            Write-Warning "Profile $($state.Profile) lets in what no rule blocks (DefaultInboundAction $($state.DefaultInboundAction)): the inbound rules make no difference."
        }
        if ($state.InUse -and $PolicyStore -eq 'PersistentStore' -and $state.AllowLocalPolicyMerge -eq 'False') {
            Write-Warning "Profile $($state.Profile) ignores local rules (AllowLocalPolicyMerge False): the rules of this script are not in force. Put them into a GPO."
        }
        $state
    }
}

# Never without a name: Remove-NetFirewallRule without one removes every local rule.
function Remove-OwnRule {
    param([Parameter(Mandatory = $true)] [ValidateNotNullOrEmpty()] [string] $Name)
    if (-not $Name.StartsWith($Prefix, [StringComparison]::Ordinal)) { throw "$Name is not a rule of this script." }
    Remove-NetFirewallRule @Target -Name $Name -ErrorAction Stop
}

$Target = @{ PolicyStore = $PolicyStore }
$wanted = @(if (-not $Remove) { $Rules })
$wantedNames = @($wanted | ForEach-Object { $_.Name })
$stored = @(Get-Found { Get-NetFirewallRule @Target -ErrorAction Stop })
$own = @($stored | Where-Object { $_.Group -ceq $Group -and $_.Name.StartsWith($Prefix, [StringComparison]::Ordinal) })
$ownNames = @($own | ForEach-Object { $_.Name })
$foreign = @($stored | Where-Object { $wantedNames -contains $_.Name -and $ownNames -cnotcontains $_.Name })
if ($foreign.Count -gt 0) {
    throw "$($foreign[0].Name) exists but is not in group $Group. Nothing was changed. Rename or remove it first."
}
$done = [ordered] @{ Created = 0; Updated = 0; Removed = 0; KeywordsCreated = 0; KeywordsRemoved = 0 }

$storedKeywords = @{}
if (Get-Command -Name Get-NetFirewallDynamicKeywordAddress -ErrorAction SilentlyContinue) {
    Get-Found { Get-NetFirewallDynamicKeywordAddress -AllAutoResolve -ErrorAction Stop } |
        ForEach-Object { $storedKeywords["$($_.Id)".Trim('{}').ToLowerInvariant()] = $_.Keyword }
}
foreach ($keyword in @(if (-not $Remove) { $Keywords })) {
    $present = $storedKeywords[$keyword.Id.Trim('{}')]
    if ($null -ne $present) {
        if ($present -cne $keyword.Keyword) { throw "Dynamic keyword $($keyword.Id) is $present, not $($keyword.Keyword)." }
    } elseif ($PSCmdlet.ShouldProcess($keyword.Keyword, 'New-NetFirewallDynamicKeywordAddress')) {
        New-NetFirewallDynamicKeywordAddress -Id $keyword.Id -Keyword $keyword.Keyword -AutoResolve $true -ErrorAction Stop | Out-Null
        $done.KeywordsCreated++
    }
}

foreach ($rule in $wanted) {
    $present = @($own | Where-Object { $_.Name -ceq $rule.Name })
    # Set-NetFirewallRule cannot give a rule its keywords back, so one that lost them is made anew.
    $broken = $present.Count -gt 0 -and $rule.ContainsKey('RemoteDynamicKeywordAddresses') -and
        "$(Get-KeywordId $rule | Sort-Object)" -ne "$(Get-KeywordId $present[0] | Sort-Object)"
    if ($broken -and $PSCmdlet.ShouldProcess($rule.Name, 'Remove-NetFirewallRule')) {
        Remove-OwnRule -Name $rule.Name
        $done.Removed++
    }
    if ($present.Count -gt 0 -and -not $broken) {
        if ($PSCmdlet.ShouldProcess($rule.Name, 'Set-NetFirewallRule')) {
            $change = $rule.Clone()
            foreach ($key in 'Name', 'DisplayName', 'RemoteDynamicKeywordAddresses') { $change.Remove($key) }
            Set-NetFirewallRule @Target -Name $rule.Name -NewDisplayName $rule.DisplayName @change -ErrorAction Stop
            $done.Updated++
        }
    } elseif ($PSCmdlet.ShouldProcess($rule.Name, 'New-NetFirewallRule')) {
        New-NetFirewallRule @Target -Group $Group @rule -ErrorAction Stop | Out-Null
        $done.Created++
    }
}

# A rule that has neither keywords nor addresses allows every address, and whether Set-NetFirewallRule leaves the
# keywords of a rule alone is not documented. So look.
# https://learn.microsoft.com/powershell/module/netsecurity/set-netfirewallrule
$keyed = @($wanted | Where-Object { $_.ContainsKey('RemoteDynamicKeywordAddresses') })
if ($done.Updated -gt 0 -and $keyed.Count -gt 0) {
    $after = @{}
    Get-Found { Get-NetFirewallRule @Target -ErrorAction Stop } | ForEach-Object { $after[$_.Name] = $_ }
    foreach ($rule in @($keyed | Where-Object { $after.ContainsKey($_.Name) })) {
        if ("$(Get-KeywordId $rule | Sort-Object)" -ne "$(Get-KeywordId $after[$rule.Name] | Sort-Object)") {
            Remove-OwnRule -Name $rule.Name
            New-NetFirewallRule @Target -Group $Group @rule -ErrorAction Stop | Out-Null
        }
    }
}

$stale = @($ownNames | Where-Object { $wantedNames -cnotcontains $_ })
foreach ($name in $stale) {
    if ($PSCmdlet.ShouldProcess($name, 'Remove-NetFirewallRule')) {
        Remove-OwnRule -Name $name
        $done.Removed++
    }
}

# Keywords have no group: those of removed rules go, if Portbook made them (version 8 identifiers) and no other rule
# uses them.
$needed = @(if (-not $Remove) { $Keywords | ForEach-Object { $_.Id.Trim('{}') } })
$candidates = @(if ($Remove) { $Keywords | ForEach-Object { $_.Id.Trim('{}') } })
$candidates += @($own | Where-Object { $stale -ccontains $_.Name } | ForEach-Object { Get-KeywordId $_ })
$candidates = @($candidates | Where-Object { $_ -match '^[0-9a-f]{8}-[0-9a-f]{4}-8' -and $needed -notcontains $_ -and $storedKeywords.ContainsKey($_) } | Sort-Object -Unique)
if ($candidates.Count -gt 0) {
    $others = @(Get-Found { Get-NetFirewallRule -PolicyStore ActiveStore -ErrorAction Stop } | Where-Object { $stale -cnotcontains $_.Name })
    $used = @($others | ForEach-Object { Get-KeywordId $_ })
    if (@($others | Where-Object { -not $_.PSObject.Properties['RemoteDynamicKeywordAddresses'] }).Count -gt 0) {
        Write-Warning 'Rules do not tell which dynamic keywords they use here: none is removed.'
        $candidates = @()
    }
    foreach ($id in @($candidates | Where-Object { $used -notcontains $_ })) {
        if ($PSCmdlet.ShouldProcess($storedKeywords[$id], 'Remove-NetFirewallDynamicKeywordAddress')) {
            Remove-NetFirewallDynamicKeywordAddress -Id "{$id}" -ErrorAction Stop
            $done.KeywordsRemoved++
        }
    }
}

[pscustomobject] @{
    Site = 'contoso-hq'
    Station = 'adfs'
    Group = $Group
    PolicyStore = $PolicyStore
    Created = $done.Created
    Updated = $done.Updated
    Removed = $done.Removed
    KeywordsCreated = $done.KeywordsCreated
    KeywordsRemoved = $done.KeywordsRemoved
    Profiles = @(Get-ProfileState)
}
