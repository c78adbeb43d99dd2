# Portbook: Microsoft Entra Cloud Sync, Azure public cloud
# documents: cloud-sync-prerequisites 2026-07-27 ; rule set 6o3ziop57b
# 15 rules: 15 wider. Enforces if the profile's DefaultOutboundAction is Block (outbound rules) or DefaultInboundAction is Block (inbound rules).
# documented elsewhere: cloud-sync-troubleshooting 2026-08-21 names 17 more, not in here
# keyword-by-address: 15 rules allow more: the name is matched by the addresses that it resolved to
# identity-restricted: 15 rules allow less: the rule is limited to a program, service or account
# For provisioning-agent (provisioning-agent): 15 firewall rules.

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

# The parameters of New-NetFirewallRule.
$Rules = @(
    @{
        Name = 'portbook-default-provisioning-agent-r-42rk6o6bha-out-keyword-e0961a07-service-2juy5l'
        DisplayName = 'Portbook r-42rk6o6bha: provisioning-agent to aadcdn.msauth.net, TCP 443'
        Description = 'content of the sign-in page, and a connectivity probe'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{e0961a07-49af-87fc-abaa-3ac298459d43}'
        )
        Service = 'AADConnectProvisioningAgent'
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-bc5dixatzh-out-keyword-4b739c8c-service-2juy5l'
        DisplayName = 'Portbook r-bc5dixatzh: provisioning-agent to aadcdn.msftauth.net, TCP 443'
        Description = 'content of the sign-in page, and a connectivity probe'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{4b739c8c-4981-833f-ba57-0264b930619e}'
        )
        Service = 'AADConnectProvisioningAgent'
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-frcaf67r3l-out-keyword-2aaf2977-service-2juy5l'
        DisplayName = 'Portbook r-frcaf67r3l: provisioning-agent to crl.microsoft.com, TCP 80'
        Description = 'certificate verification'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{2aaf2977-5a45-857e-bd9f-684e5e92f977}'
        )
        Service = 'AADConnectProvisioningAgent'
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-zj6ffprcye-out-keyword-b860ddad-service-2juy5l'
        DisplayName = 'Portbook r-zj6ffprcye: provisioning-agent to login.live.com, TCP 443'
        Description = 'sign-in during the registration'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{b860ddad-4d86-8934-ad25-b6eb991d87bf}'
        )
        Service = 'AADConnectProvisioningAgent'
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-jcbrwtol6h-out-keyword-94af5395-service-2juy5l'
        DisplayName = 'Portbook r-jcbrwtol6h: provisioning-agent to login.windows.net, TCP 443'
        Description = 'sign-in during the registration'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{94af5395-50b9-8380-bc5c-dd438b80de24}'
        )
        Service = 'AADConnectProvisioningAgent'
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-okj6udxcvy-out-keyword-d940d4cd-service-2juy5l'
        DisplayName = 'Portbook r-okj6udxcvy: provisioning-agent to *.microsoft.com, TCP 443'
        Description = 'agent traffic with the cloud service'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{d940d4cd-0c80-8605-af96-8782113e7655}'
        )
        Service = 'AADConnectProvisioningAgent'
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-mulj3wlnsz-out-keyword-adb194e9-service-2juy5l'
        DisplayName = 'Portbook r-mulj3wlnsz: provisioning-agent to *.microsoftonline.com, TCP 443'
        Description = 'agent traffic with the cloud service'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{adb194e9-3675-858d-88d3-d0896eecc05e}'
        )
        Service = 'AADConnectProvisioningAgent'
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-fxwg2qamz2-out-keyword-52b2755e-service-2juy5l'
        DisplayName = 'Portbook r-fxwg2qamz2: provisioning-agent to *.msappproxy.com, TCP 443'
        Description = 'agent traffic with the cloud service'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{52b2755e-ed8d-8a48-b596-955f61ddf0aa}'
        )
        Service = 'AADConnectProvisioningAgent'
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-7jopvcgct5-out-keyword-35b8a2ee-service-2juy5l'
        DisplayName = 'Portbook r-7jopvcgct5: provisioning-agent to *.msappproxy.net, TCP 443'
        Description = 'agent traffic with the cloud service'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{35b8a2ee-5327-8ee7-a193-fdd8c9613ae0}'
        )
        Service = 'AADConnectProvisioningAgent'
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-7vqbpggi7g-out-keyword-8ce3a711-service-2juy5l'
        DisplayName = 'Portbook r-7vqbpggi7g: provisioning-agent to mscrl.microsoft.com, TCP 80'
        Description = 'certificate verification'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{8ce3a711-b96d-819b-8085-c5d80fe547ce}'
        )
        Service = 'AADConnectProvisioningAgent'
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-gds273iydy-out-keyword-784f762a-service-2juy5l'
        DisplayName = 'Portbook r-gds273iydy: provisioning-agent to ocsp.msocsp.com, TCP 80'
        Description = 'certificate verification'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{784f762a-a166-8596-a335-de79f9932443}'
        )
        Service = 'AADConnectProvisioningAgent'
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-ohna7ef3vb-out-keyword-5d48f63c-service-2juy5l'
        DisplayName = 'Portbook r-ohna7ef3vb: provisioning-agent to *.servicebus.windows.net, TCP 443'
        Description = 'agent traffic with the cloud service'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{5d48f63c-8fa4-85eb-8e69-7207882f9c2a}'
        )
        Service = 'AADConnectProvisioningAgent'
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-uokihpxtfd-out-keyword-f72fb019-service-2juy5l'
        DisplayName = 'Portbook r-uokihpxtfd: provisioning-agent to *.windowsazure.com, TCP 443'
        Description = 'agent traffic with the cloud service'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{f72fb019-340e-88eb-aa60-3fedfa8f01d8}'
        )
        Service = 'AADConnectProvisioningAgent'
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-evqe42254e-out-keyword-cfc7832a-service-2juy5l'
        DisplayName = 'Portbook r-evqe42254e: provisioning-agent to www.microsoft.com, TCP 80'
        Description = 'certificate verification'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{cfc7832a-2089-8f3d-8d51-40312047ad08}'
        )
        Service = 'AADConnectProvisioningAgent'
    }
    @{
        Name = 'portbook-default-provisioning-agent-r-f5j76odkbp-out-keyword-72f632e2-service-2juy5l'
        DisplayName = 'Portbook r-f5j76odkbp: provisioning-agent to www.msftconnecttest.com, TCP 443'
        Description = 'content of the sign-in page, and a connectivity probe'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{72f632e2-9f7a-8523-952f-d2658dcf7c72}'
        )
        Service = 'AADConnectProvisioningAgent'
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
