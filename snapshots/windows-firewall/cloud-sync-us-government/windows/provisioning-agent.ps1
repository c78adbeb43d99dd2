# Portbook: Microsoft Entra Cloud Sync, Azure Government
# documents: cloud-sync-prerequisites 2026-07-27 ; rule set t7t4btklzd
# 24 rules: 24 wider. Enforces if the profile's DefaultOutboundAction is Block (outbound rules) or DefaultInboundAction is Block (inbound rules).
# keyword-by-address: 24 rules allow more: the name is matched by the addresses that it resolved to
# For provisioning-agent (provisioning-agent): 24 firewall rules.

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

$Group = 'Portbook/default/provisioning-agent'
$Prefix = 'portbook-default-provisioning-agent-'

$Keywords = @(
    @{ Id = '{7886f9fd-296d-86a2-bf30-bd721456e793}'; Keyword = '*.microsoft.us' }
    @{ Id = '{c4d61417-ba29-8984-a496-a1ea88ebd12e}'; Keyword = '*.microsoftonline-p.us' }
    @{ Id = '{03d34e2a-af36-8371-9611-51b07e31e568}'; Keyword = '*.microsoftonline.us' }
    @{ Id = '{d62508c5-5bed-837d-9f50-e513258d9d51}'; Keyword = '*.msappproxy.us' }
    @{ Id = '{04629516-2fea-8c39-948d-70a06bf33092}'; Keyword = '*.msauth.net' }
    @{ Id = '{ca11e86c-c11b-8457-b600-c337af2df9a4}'; Keyword = '*.msauthimages.net' }
    @{ Id = '{b9f67a07-f234-8e57-8ae5-40d5b9451883}'; Keyword = '*.msecnd.net' }
    @{ Id = '{43684123-b746-8700-be8a-f1960cb46964}'; Keyword = '*.msftauth.net' }
    @{ Id = '{b9d75850-de4f-8c39-8842-14c22cc73c81}'; Keyword = '*.msftauthimages.net' }
    @{ Id = '{0ee49d0a-6dc2-835c-86f1-4fa76908b5c6}'; Keyword = '*.phonefactor.net' }
    @{ Id = '{a7362b98-9fe4-892d-8007-208b4f578a67}'; Keyword = '*.servicebus.usgovcloudapi.net' }
    @{ Id = '{281f39a4-0949-84fa-83b2-4c93b5800704}'; Keyword = 'aadcdn.msftauthimages.us' }
    @{ Id = '{ae7dbce4-e637-8382-979a-80da5623028e}'; Keyword = 'crl.microsoft.us' }
    @{ Id = '{4b84541f-4f80-8ada-8a4a-099399c0c9e8}'; Keyword = 'ctldl.windowsupdate.us' }
    @{ Id = '{2ebb6754-adf0-876a-9989-922fdc77ce3f}'; Keyword = 'enterpriseregistration.windows.net' }
    @{ Id = '{ebb3b6c8-e13d-8cd4-81a9-cacc06921d3b}'; Keyword = 'login.windows.us' }
    @{ Id = '{52dbd8a6-4bd1-88e0-aeca-8f0549cc9af2}'; Keyword = 'management.azure.com' }
    @{ Id = '{8e13a087-857f-8961-bc9b-f7e38d6f14e3}'; Keyword = 'msauthimages.us' }
    @{ Id = '{a752cfd3-046e-8ffd-bb3c-37ed0ef29e89}'; Keyword = 'mscrl.microsoft.us' }
    @{ Id = '{c8794255-fc19-8cc1-a4e4-33a0fcb83014}'; Keyword = 'msftauthimages.us' }
    @{ Id = '{5c5ca6d9-463b-8a44-a29c-14e26c6f1428}'; Keyword = 'ocsp.msocsp.us' }
    @{ Id = '{d90b96f7-6527-8e60-adf4-c28c5374d0b4}'; Keyword = 'policykeyservice.dc.ad.msft.net' }
    @{ Id = '{12c298e6-47e3-827a-9c33-e1ac79c05902}'; Keyword = 'secure.aadcdn.microsoftonline-p.com' }
    @{ Id = '{43639dc0-2a6e-8cf9-b9a0-928a7cbc60fc}'; Keyword = 'www.microsoft.us' }
)

# The parameters of New-NetFirewallRule.
$Rules = @(
    @{
        Name = 'portbook-default-provisioning-agent-r-ypbugsemno-out-keyword-281f39a4'
        DisplayName = 'Portbook r-ypbugsemno: provisioning-agent to aadcdn.msftauthimages.us, TCP 443'
        Description = 'sign-in during the registration, and its content'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{281f39a4-0949-84fa-83b2-4c93b5800704}'
        )
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-pieg43xaf5-out-keyword-ae7dbce4'
        DisplayName = 'Portbook r-pieg43xaf5: provisioning-agent to crl.microsoft.us, TCP 80'
        Description = 'certificate verification'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{ae7dbce4-e637-8382-979a-80da5623028e}'
        )
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-fda3lylqyi-out-keyword-4b84541f'
        DisplayName = 'Portbook r-fda3lylqyi: provisioning-agent to ctldl.windowsupdate.us, TCP 80'
        Description = 'sign-in during the registration, and its content'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{4b84541f-4f80-8ada-8a4a-099399c0c9e8}'
        )
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-s3u5gwdqft-out-keyword-2ebb6754'
        DisplayName = 'Portbook r-s3u5gwdqft: provisioning-agent to enterpriseregistration.windows.net, TCP 443'
        Description = 'sign-in during the registration, and its content'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{2ebb6754-adf0-876a-9989-922fdc77ce3f}'
        )
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-bnm5qkbhse-out-keyword-ebb3b6c8'
        DisplayName = 'Portbook r-bnm5qkbhse: provisioning-agent to login.windows.us, TCP 443'
        Description = 'sign-in during the registration, and its content'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{ebb3b6c8-e13d-8cd4-81a9-cacc06921d3b}'
        )
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-tivmaeuyrp-out-keyword-52dbd8a6'
        DisplayName = 'Portbook r-tivmaeuyrp: provisioning-agent to management.azure.com, TCP 443'
        Description = 'sign-in during the registration, and its content'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{52dbd8a6-4bd1-88e0-aeca-8f0549cc9af2}'
        )
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-7i2c4lyusn-out-keyword-7886f9fd'
        DisplayName = 'Portbook r-7i2c4lyusn: provisioning-agent to *.microsoft.us, TCP 443'
        Description = 'sign-in during the registration, and its content'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{7886f9fd-296d-86a2-bf30-bd721456e793}'
        )
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-dnpmklcfgc-out-keyword-c4d61417'
        DisplayName = 'Portbook r-dnpmklcfgc: provisioning-agent to *.microsoftonline-p.us, TCP 443'
        Description = 'sign-in during the registration, and its content'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{c4d61417-ba29-8984-a496-a1ea88ebd12e}'
        )
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-4pewtc34cs-out-keyword-03d34e2a'
        DisplayName = 'Portbook r-4pewtc34cs: provisioning-agent to *.microsoftonline.us, TCP 443'
        Description = 'sign-in during the registration, and its content'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{03d34e2a-af36-8371-9611-51b07e31e568}'
        )
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-6t5q4bfo34-out-keyword-d62508c5'
        DisplayName = 'Portbook r-6t5q4bfo34: provisioning-agent to *.msappproxy.us, TCP 443'
        Description = 'agent traffic with the cloud service'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{d62508c5-5bed-837d-9f50-e513258d9d51}'
        )
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-yilbpbhmtw-out-keyword-04629516'
        DisplayName = 'Portbook r-yilbpbhmtw: provisioning-agent to *.msauth.net, TCP 443'
        Description = 'sign-in during the registration, and its content'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{04629516-2fea-8c39-948d-70a06bf33092}'
        )
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-pejrtwrvws-out-keyword-ca11e86c'
        DisplayName = 'Portbook r-pejrtwrvws: provisioning-agent to *.msauthimages.net, TCP 443'
        Description = 'sign-in during the registration, and its content'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{ca11e86c-c11b-8457-b600-c337af2df9a4}'
        )
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-y4zxehzakd-out-keyword-8e13a087'
        DisplayName = 'Portbook r-y4zxehzakd: provisioning-agent to msauthimages.us, TCP 443'
        Description = 'sign-in during the registration, and its content'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{8e13a087-857f-8961-bc9b-f7e38d6f14e3}'
        )
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-tn7rwfvq7z-out-keyword-a752cfd3'
        DisplayName = 'Portbook r-tn7rwfvq7z: provisioning-agent to mscrl.microsoft.us, TCP 80'
        Description = 'certificate verification'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{a752cfd3-046e-8ffd-bb3c-37ed0ef29e89}'
        )
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-kypczarh5l-out-keyword-b9f67a07'
        DisplayName = 'Portbook r-kypczarh5l: provisioning-agent to *.msecnd.net, TCP 443'
        Description = 'sign-in during the registration, and its content'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{b9f67a07-f234-8e57-8ae5-40d5b9451883}'
        )
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-x7wytfrhck-out-keyword-43684123'
        DisplayName = 'Portbook r-x7wytfrhck: provisioning-agent to *.msftauth.net, TCP 443'
        Description = 'sign-in during the registration, and its content'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{43684123-b746-8700-be8a-f1960cb46964}'
        )
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-krur6ss6ls-out-keyword-b9d75850'
        DisplayName = 'Portbook r-krur6ss6ls: provisioning-agent to *.msftauthimages.net, TCP 443'
        Description = 'sign-in during the registration, and its content'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{b9d75850-de4f-8c39-8842-14c22cc73c81}'
        )
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-6w3aotr5te-out-keyword-c8794255'
        DisplayName = 'Portbook r-6w3aotr5te: provisioning-agent to msftauthimages.us, TCP 443'
        Description = 'sign-in during the registration, and its content'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{c8794255-fc19-8cc1-a4e4-33a0fcb83014}'
        )
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-apccciahxq-out-keyword-5c5ca6d9'
        DisplayName = 'Portbook r-apccciahxq: provisioning-agent to ocsp.msocsp.us, TCP 80'
        Description = 'certificate verification'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{5c5ca6d9-463b-8a44-a29c-14e26c6f1428}'
        )
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-4n62jw7dwk-out-keyword-0ee49d0a'
        DisplayName = 'Portbook r-4n62jw7dwk: provisioning-agent to *.phonefactor.net, TCP 443'
        Description = 'sign-in during the registration, and its content'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{0ee49d0a-6dc2-835c-86f1-4fa76908b5c6}'
        )
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-burxmt4hum-out-keyword-d90b96f7'
        DisplayName = 'Portbook r-burxmt4hum: provisioning-agent to policykeyservice.dc.ad.msft.net, TCP 443'
        Description = 'sign-in during the registration, and its content'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{d90b96f7-6527-8e60-adf4-c28c5374d0b4}'
        )
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-tgmtu42uko-out-keyword-12c298e6'
        DisplayName = 'Portbook r-tgmtu42uko: provisioning-agent to secure.aadcdn.microsoftonline-p.com, TCP 443'
        Description = 'sign-in during the registration, and its content'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{12c298e6-47e3-827a-9c33-e1ac79c05902}'
        )
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-nv4ukvmse7-out-keyword-a7362b98'
        DisplayName = 'Portbook r-nv4ukvmse7: provisioning-agent to *.servicebus.usgovcloudapi.net, TCP 443'
        Description = 'agent traffic with the cloud service'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{a7362b98-9fe4-892d-8007-208b4f578a67}'
        )
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-44bcenegyw-out-keyword-43639dc0'
        DisplayName = 'Portbook r-44bcenegyw: provisioning-agent to www.microsoft.us, TCP 80'
        Description = 'certificate verification'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{43639dc0-2a6e-8cf9-b9a0-928a7cbc60fc}'
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

if (-not $Remove) { Assert-KeywordSupport }
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
    Site = 'default'
    Station = 'provisioning-agent'
    Group = $Group
    PolicyStore = $PolicyStore
    Created = $done.Created
    Updated = $done.Updated
    Removed = $done.Removed
    KeywordsCreated = $done.KeywordsCreated
    KeywordsRemoved = $done.KeywordsRemoved
    Profiles = @(Get-ProfileState)
}
