# Portbook: Microsoft Entra Connect Sync, Azure public cloud
# documents: connect-connectivity-troubleshooting 2025-04-09, connect-ports 2025-04-09, m365-worldwide-endpoints 2022-07-29 ; rule set gfv75ahayl
# 97 rules: 8 exact, 89 wider. Enforces if the profile's DefaultOutboundAction is Block (outbound rules) or DefaultInboundAction is Block (inbound rules).
# keyword-by-address: 89 rules allow more: the name is matched by the addresses that it resolved to
# For domain-controller (domain-controller): 16 firewall rules.

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

$Group = 'Portbook/default/domain-controller'
$Prefix = 'portbook-default-domain-controller-'

$Keywords = @(
)

# The parameters of New-NetFirewallRule.
$Rules = @(
    @{
        Name = 'portbook-default-domain-controller-r-g5nebkf3eo-in'
        DisplayName = 'Portbook r-g5nebkf3eo: connect-server to domain-controller, TCP 53'
        Description = 'DNS lookups on the destination forest'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '53'
        RemoteAddress = @(
            '10.20.0.21'
        )
    }
    @{
        Name = 'portbook-default-domain-controller-r-g5nebkf3eo-in-v6'
        DisplayName = 'Portbook r-g5nebkf3eo: connect-server to domain-controller, TCP 53'
        Description = 'DNS lookups on the destination forest'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '53'
        RemoteAddress = @(
            '2001:db8:20::21'
        )
    }
    @{
        Name = 'portbook-default-domain-controller-r-jk53ujj4wi-in'
        DisplayName = 'Portbook r-jk53ujj4wi: connect-server to domain-controller, TCP 88'
        Description = 'Kerberos authentication to the forest'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '88'
        RemoteAddress = @(
            '10.20.0.21'
        )
    }
    @{
        Name = 'portbook-default-domain-controller-r-jk53ujj4wi-in-v6'
        DisplayName = 'Portbook r-jk53ujj4wi: connect-server to domain-controller, TCP 88'
        Description = 'Kerberos authentication to the forest'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '88'
        RemoteAddress = @(
            '2001:db8:20::21'
        )
    }
    @{
        Name = 'portbook-default-domain-controller-r-5v75i2sxg4-in'
        DisplayName = 'Portbook r-5v75i2sxg4: connect-server to domain-controller, TCP 135'
        Description = 'RPC endpoint mapper, when the wizard binds to the forest, and password synchronization'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '135'
        RemoteAddress = @(
            '10.20.0.21'
        )
    }
    @{
        Name = 'portbook-default-domain-controller-r-5v75i2sxg4-in-v6'
        DisplayName = 'Portbook r-5v75i2sxg4: connect-server to domain-controller, TCP 135'
        Description = 'RPC endpoint mapper, when the wizard binds to the forest, and password synchronization'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '135'
        RemoteAddress = @(
            '2001:db8:20::21'
        )
    }
    @{
        Name = 'portbook-default-domain-controller-r-4hwm6s4oun-in'
        DisplayName = 'Portbook r-4hwm6s4oun: connect-server to domain-controller, TCP 389'
        Description = 'data import, encrypted with Kerberos sign and seal'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '389'
        RemoteAddress = @(
            '10.20.0.21'
        )
    }
    @{
        Name = 'portbook-default-domain-controller-r-4hwm6s4oun-in-v6'
        DisplayName = 'Portbook r-4hwm6s4oun: connect-server to domain-controller, TCP 389'
        Description = 'data import, encrypted with Kerberos sign and seal'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '389'
        RemoteAddress = @(
            '2001:db8:20::21'
        )
    }
    @{
        Name = 'portbook-default-domain-controller-r-62jx6cnr3t-in'
        DisplayName = 'Portbook r-62jx6cnr3t: connect-server to domain-controller, TCP 49152-65535'
        Description = 'random high RPC port, when the wizard binds to the forest, and password synchronization'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '49152-65535'
        RemoteAddress = @(
            '10.20.0.21'
        )
    }
    @{
        Name = 'portbook-default-domain-controller-r-62jx6cnr3t-in-v6'
        DisplayName = 'Portbook r-62jx6cnr3t: connect-server to domain-controller, TCP 49152-65535'
        Description = 'random high RPC port, when the wizard binds to the forest, and password synchronization'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '49152-65535'
        RemoteAddress = @(
            '2001:db8:20::21'
        )
    }
    @{
        Name = 'portbook-default-domain-controller-r-yq65vyii5d-in'
        DisplayName = 'Portbook r-yq65vyii5d: connect-server to domain-controller, UDP 53'
        Description = 'DNS lookups on the destination forest'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        LocalPort = '53'
        RemoteAddress = @(
            '10.20.0.21'
        )
    }
    @{
        Name = 'portbook-default-domain-controller-r-yq65vyii5d-in-v6'
        DisplayName = 'Portbook r-yq65vyii5d: connect-server to domain-controller, UDP 53'
        Description = 'DNS lookups on the destination forest'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        LocalPort = '53'
        RemoteAddress = @(
            '2001:db8:20::21'
        )
    }
    @{
        Name = 'portbook-default-domain-controller-r-c5d7p4hbs4-in'
        DisplayName = 'Portbook r-c5d7p4hbs4: connect-server to domain-controller, UDP 88'
        Description = 'Kerberos authentication to the forest'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        LocalPort = '88'
        RemoteAddress = @(
            '10.20.0.21'
        )
    }
    @{
        Name = 'portbook-default-domain-controller-r-c5d7p4hbs4-in-v6'
        DisplayName = 'Portbook r-c5d7p4hbs4: connect-server to domain-controller, UDP 88'
        Description = 'Kerberos authentication to the forest'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        LocalPort = '88'
        RemoteAddress = @(
            '2001:db8:20::21'
        )
    }
    @{
        Name = 'portbook-default-domain-controller-r-vib5hkqmoy-in'
        DisplayName = 'Portbook r-vib5hkqmoy: connect-server to domain-controller, UDP 389'
        Description = 'data import, encrypted with Kerberos sign and seal'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        LocalPort = '389'
        RemoteAddress = @(
            '10.20.0.21'
        )
    }
    @{
        Name = 'portbook-default-domain-controller-r-vib5hkqmoy-in-v6'
        DisplayName = 'Portbook r-vib5hkqmoy: connect-server to domain-controller, UDP 389'
        Description = 'data import, encrypted with Kerberos sign and seal'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        LocalPort = '389'
        RemoteAddress = @(
            '2001:db8:20::21'
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
    Site = 'default'
    Station = 'domain-controller'
    Group = $Group
    PolicyStore = $PolicyStore
    Created = $done.Created
    Updated = $done.Updated
    Removed = $done.Removed
    KeywordsCreated = $done.KeywordsCreated
    KeywordsRemoved = $done.KeywordsRemoved
    Profiles = @(Get-ProfileState)
}
