{% for line in script.header %}
# {{ line|ps_comment }}
{% endfor %}

<#
.SYNOPSIS
{% if script.rules %}
Allows in the Windows Firewall what Microsoft documents for this host.
{% else %}
Makes the dynamic keywords that the rules of a GPO use on this host.
{% endif %}
.DESCRIPTION
{% if script.rules %}
Creates the rules that are missing, updates the others in place, and removes rules of its own group that are no longer
listed. It touches no other rule and switches no default action. Run it again at any time.
{% else %}
Creates the dynamic keywords that are missing. Run it on every host of the GPO, again at any time.
{% endif %}
{% if script.gpo %}
.PARAMETER PolicyStore
The GPO, as domain\name: corp.contoso.com\Firewall.
.PARAMETER DomainController
A writeable domain controller. Without it the changes may go to a read-only one and be lost (Open-NetGPO).
{% endif %}
{% if script.rules and not script.gpo %}
.PARAMETER PolicyStore
PersistentStore, or localhost for the local GPO.
{% endif %}
.PARAMETER Remove
Removes everything that this script made, and nothing else.
.NOTES
The rules make a difference where the profile blocks what no rule allows. This script does not switch that. Before you
do, allow what every host needs besides: DNS, DHCP, domain controllers, time, updates.
    # Set-NetFirewallProfile -Name Domain -DefaultOutboundAction Block
#>
#Requires -Version 5.1
#Requires -Modules NetSecurity
{% if not script.gpo %}
#Requires -RunAsAdministrator
{% endif %}
[CmdletBinding(SupportsShouldProcess = $true)]
param(
{% if script.gpo %}
    [Parameter(Mandatory = $true)]
    [ValidatePattern('^[^\\]+\\[^\\]+$')]
    [string] $PolicyStore,
    [string] $DomainController,
{% endif %}
{% if script.rules and not script.gpo %}
    [ValidateSet('PersistentStore', 'localhost')]
    [string] $PolicyStore = 'PersistentStore',
{% endif %}
    [switch] $Remove
)

# The cmdlets of NetSecurity do not see this script's preferences, so each call says -ErrorAction Stop and stands behind
# ShouldProcess.
$ErrorActionPreference = 'Stop'
{% if script.rules %}

$Group = {{ script.group|ps_string }}
$Prefix = {{ script.prefix|ps_string }}
{% endif %}
{% if not script.gpo %}

$Keywords = @(
{% for keyword in script.keywords %}
    @{ Id = {{ keyword.id|ps_string }}; Keyword = {{ keyword.keyword|ps_string }} }
{% endfor %}
)
{% endif %}
{% if script.lists %}

# Addresses that several rules have, each list under the name of the first.
$Addresses = @{}
{% for list in script.lists %}
$Addresses[{{ list.name|ps_string }}] = @(
{{ list.addresses|ps_addresses }})
{% endfor %}
{% endif %}
{% if script.rules %}

# The parameters of New-NetFirewallRule.
$Rules = @(
{% for rule in script.rules %}
    @{
        Name = {{ rule.name|ps_string }}
        DisplayName = {{ rule.display_name|ps_string }}
{% if rule.description %}
        Description = {{ rule.description|ps_string }}
{% endif %}
        Enabled = 'True'
        Direction = {{ rule.direction|ps_string }}
        Action = 'Allow'
        Profile = {{ rule.profile|ps_string }}
        Protocol = {{ rule.protocol|ps_string }}
{% if rule.local_port %}
        LocalPort = {{ rule.local_port|ps_string }}
{% endif %}
{% if rule.remote_port %}
        RemotePort = {{ rule.remote_port|ps_string }}
{% endif %}
{% if rule.remote %}
        RemoteAddress = {{ rule.remote|ps_string }}
{% endif %}
{% if rule.list %}
        RemoteAddress = $Addresses[{{ rule.list|ps_string }}]
{% endif %}
{% if rule.addresses and not rule.list %}
        RemoteAddress = @(
{{ rule.addresses|ps_addresses }}        )
{% endif %}
{% if rule.keywords %}
        RemoteDynamicKeywordAddresses = @(
{% for id in rule.keywords %}
            {{ id|ps_string }}
{% endfor %}
        )
{% endif %}
{% if rule.program %}
        Program = {{ rule.program|ps_string }}
{% endif %}
{% if rule.service %}
        Service = {{ rule.service|ps_string }}
{% endif %}
{% if rule.local_user %}
        LocalUser = {{ rule.local_user|ps_string }}
{% endif %}
    }
{% endfor %}
)
{% endif %}

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
{% if script.keywords %}

# https://learn.microsoft.com/windows/security/operating-system-security/network-security/windows-firewall/dynamic-keywords
function Assert-KeywordSupport {
    if (-not (Get-Command -Name New-NetFirewallDynamicKeywordAddress -ErrorAction SilentlyContinue)) {
        throw 'This Windows has no dynamic keywords: Windows Server 2022 or later is needed. Nothing was changed. Generate with os=2019 or names=addresses.'
    }
    if (-not (Get-Command -Name Get-MpComputerStatus -ErrorAction SilentlyContinue)) {
        throw 'Microsoft Defender Antivirus is not installed, and dynamic keywords need it. Nothing was changed.'
    }
    $status = Get-MpComputerStatus -ErrorAction Stop
    if (-not $status.AntivirusEnabled -or [version] $status.AMProductVersion -lt [version] '4.18.2209.7') {
        throw "Dynamic keywords need Microsoft Defender Antivirus on, platform 4.18.2209.7 or later; here it is on: $($status.AntivirusEnabled), platform $($status.AMProductVersion). Nothing was changed."
    }
    $preference = Get-MpPreference -ErrorAction Stop
    if (@(1, 2) -notcontains [int] $preference.EnableNetworkProtection) {
        throw 'Dynamic keywords need network protection in block or audit mode (Set-MpPreference -EnableNetworkProtection). Nothing was changed.'
    }
    if ($preference.AllowNetworkProtectionOnWinServer -eq $false) {
        Write-Warning 'Network protection is not allowed on this server (Set-MpPreference -AllowNetworkProtectionOnWinServer $true): names may never resolve, and the rules would allow nothing.'
    }
    if (Get-Command -Name Get-DnsClientDohServerAddress -ErrorAction SilentlyContinue) {
        $servers = @(Get-DnsClientServerAddress | ForEach-Object { $_.ServerAddresses })
        $secure = @(Get-DnsClientDohServerAddress | Where-Object { $_.AutoUpgrade -and $servers -contains $_.ServerAddress })
        if ($secure.Count -gt 0) {
            Write-Warning 'A DNS server of this host is asked over HTTPS: Windows cannot read its answers, and rules with names would allow nothing. Switch DNS over HTTPS off.'
        }
    }
}
{% endif %}
{% if not script.gpo %}

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
{% if script.outbound %}
        if ($state.InUse -and $state.DefaultOutboundAction -ne 'Block') {
            Write-Warning "Profile $($state.Profile) lets out what no rule blocks (DefaultOutboundAction $($state.DefaultOutboundAction)): the outbound rules make no difference."
        }
{% endif %}
{% if script.inbound %}
        if ($state.InUse -and $state.DefaultInboundAction -ne 'Block') {
            Write-Warning "Profile $($state.Profile) lets in what no rule blocks (DefaultInboundAction $($state.DefaultInboundAction)): the inbound rules make no difference."
        }
{% endif %}
{% if script.rules %}
        if ($state.InUse -and $PolicyStore -eq 'PersistentStore' -and $state.AllowLocalPolicyMerge -eq 'False') {
            Write-Warning "Profile $($state.Profile) ignores local rules (AllowLocalPolicyMerge False): the rules of this script are not in force. Put them into a GPO."
        }
{% endif %}
        $state
    }
}
{% endif %}
{% if script.rules %}

# Never without a name: Remove-NetFirewallRule without one removes every local rule.
function Remove-OwnRule {
    param([Parameter(Mandatory = $true)] [ValidateNotNullOrEmpty()] [string] $Name)
    if (-not $Name.StartsWith($Prefix, [StringComparison]::Ordinal)) { throw "$Name is not a rule of this script." }
    Remove-NetFirewallRule @Target -Name $Name -ErrorAction Stop
}
{% endif %}

{% if script.keywords %}
if (-not $Remove) { Assert-KeywordSupport }
{% endif %}
{% if script.rules %}
{% if script.gpo %}
$open = @{ PolicyStore = $PolicyStore }
if ($DomainController) { $open.DomainController = $DomainController }
# Read from the session too: another domain controller may not know yet what was saved to this one.
$Target = @{ GPOSession = Open-NetGPO @open -ErrorAction Stop }
{% else %}
$Target = @{ PolicyStore = $PolicyStore }
{% endif %}
$wanted = @(if (-not $Remove) { $Rules })
$wantedNames = @($wanted | ForEach-Object { $_.Name })
$stored = @(Get-Found { Get-NetFirewallRule @Target -ErrorAction Stop })
$own = @($stored | Where-Object { $_.Group -ceq $Group -and $_.Name.StartsWith($Prefix, [StringComparison]::Ordinal) })
$ownNames = @($own | ForEach-Object { $_.Name })
$foreign = @($stored | Where-Object { $wantedNames -contains $_.Name -and $ownNames -cnotcontains $_.Name })
if ($foreign.Count -gt 0) {
    throw "$($foreign[0].Name) exists but is not in group $Group. Nothing was changed. Rename or remove it first."
}
{% if script.gpo %}
if (-not $Remove -and -not (Get-Command -Name New-NetFirewallRule).Parameters.ContainsKey('RemoteDynamicKeywordAddresses') -and @($Rules | Where-Object { $_.ContainsKey('RemoteDynamicKeywordAddresses') }).Count -gt 0) {
    throw 'These rules use dynamic keywords: run this script on Windows Server 2022 or later. Nothing was changed.'
}
{% endif %}
{% endif %}
$done = [ordered] @{ Created = 0; Updated = 0; Removed = 0; KeywordsCreated = 0; KeywordsRemoved = 0 }
{% if not script.gpo %}

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
{% endif %}
{% if script.rules %}

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
{% if script.outbound %}

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
{% endif %}

$stale = @($ownNames | Where-Object { $wantedNames -cnotcontains $_ })
foreach ($name in $stale) {
    if ($PSCmdlet.ShouldProcess($name, 'Remove-NetFirewallRule')) {
        Remove-OwnRule -Name $name
        $done.Removed++
    }
}
{% endif %}
{% if not script.gpo %}

# Keywords have no group: those of removed rules go, if Portbook made them (version 8 identifiers) and no other rule
# uses them.
{% if not script.rules %}
$stale = @()
$own = @()
{% endif %}
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
{% endif %}
{% if script.gpo %}

if ($PSCmdlet.ShouldProcess($PolicyStore, 'Save-NetGPO')) {
    Save-NetGPO @Target -ErrorAction Stop
}
{% endif %}

[pscustomobject] @{
    Site = {{ script.site|ps_string }}
    Station = {{ script.station|ps_string }}
{% if script.rules %}
    Group = $Group
    PolicyStore = $PolicyStore
    Created = $done.Created
    Updated = $done.Updated
    Removed = $done.Removed
{% endif %}
{% if not script.gpo %}
    KeywordsCreated = $done.KeywordsCreated
    KeywordsRemoved = $done.KeywordsRemoved
{% endif %}
{% if not script.gpo %}
    Profiles = @(Get-ProfileState)
{% endif %}
}
