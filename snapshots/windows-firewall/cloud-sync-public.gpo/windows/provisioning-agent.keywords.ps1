# Portbook: Microsoft Entra Cloud Sync, Azure public cloud
# documents: cloud-sync-prerequisites 2026-07-27 ; rule set 6o3ziop57b
# 15 rules: 15 wider. Enforces if the profile's DefaultOutboundAction is Block (outbound rules) or DefaultInboundAction is Block (inbound rules).
# documented elsewhere: cloud-sync-troubleshooting 2026-08-21 names 17 more, not in here
# keyword-by-address: 15 rules allow more: the name is matched by the addresses that it resolved to
# For provisioning-agent (provisioning-agent): 15 firewall rules.

<#
.SYNOPSIS
Makes the dynamic keywords that the rules of a GPO use on this host.
.DESCRIPTION
Creates the dynamic keywords that are missing. Run it on every host of the GPO, again at any time.
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
    [switch] $Remove
)

# The cmdlets of NetSecurity do not see this script's preferences, so each call says -ErrorAction Stop and stands behind
# ShouldProcess.
$ErrorActionPreference = 'Stop'

$Keywords = @(
    @{ Id = '{d940d4cd-0c80-8605-af96-8782113e7655}'; Keyword = '*.microsoft.com' }
    @{ Id = '{adb194e9-3675-858d-88d3-d0896eecc05e}'; Keyword = '*.microsoftonline.com' }
    @{ Id = '{52b2755e-ed8d-8a48-b596-955f61ddf0aa}'; Keyword = '*.msappproxy.com' }
    @{ Id = '{35b8a2ee-5327-8ee7-a193-fdd8c9613ae0}'; Keyword = '*.msappproxy.net' }
    @{ Id = '{5d48f63c-8fa4-85eb-8e69-7207882f9c2a}'; Keyword = '*.servicebus.windows.net' }
    @{ Id = '{f72fb019-340e-88eb-aa60-3fedfa8f01d8}'; Keyword = '*.windowsazure.com' }
    @{ Id = '{e0961a07-49af-87fc-abaa-3ac298459d43}'; Keyword = 'aadcdn.msauth.net' }
    @{ Id = '{4b739c8c-4981-833f-ba57-0264b930619e}'; Keyword = 'aadcdn.msftauth.net' }
    @{ Id = '{2aaf2977-5a45-857e-bd9f-684e5e92f977}'; Keyword = 'crl.microsoft.com' }
    @{ Id = '{b860ddad-4d86-8934-ad25-b6eb991d87bf}'; Keyword = 'login.live.com' }
    @{ Id = '{94af5395-50b9-8380-bc5c-dd438b80de24}'; Keyword = 'login.windows.net' }
    @{ Id = '{8ce3a711-b96d-819b-8085-c5d80fe547ce}'; Keyword = 'mscrl.microsoft.com' }
    @{ Id = '{784f762a-a166-8596-a335-de79f9932443}'; Keyword = 'ocsp.msocsp.com' }
    @{ Id = '{cfc7832a-2089-8f3d-8d51-40312047ad08}'; Keyword = 'www.microsoft.com' }
    @{ Id = '{72f632e2-9f7a-8523-952f-d2658dcf7c72}'; Keyword = 'www.msftconnecttest.com' }
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
        $state
    }
}

if (-not $Remove) { Assert-KeywordSupport }
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

# Keywords have no group: those of removed rules go, if Portbook made them (version 8 identifiers) and no other rule
# uses them.
$stale = @()
$own = @()
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
    Station = 'provisioning-agent'
    KeywordsCreated = $done.KeywordsCreated
    KeywordsRemoved = $done.KeywordsRemoved
    Profiles = @(Get-ProfileState)
}
