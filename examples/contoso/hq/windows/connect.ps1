# Portbook: Microsoft Entra Cloud Sync + Microsoft Entra Connect Sync + AD FS farm and Web Application Proxy + Microsoft Entra Connect Health + Microsoft Entra Password Protection + Microsoft Entra hybrid join, Azure public cloud
# documents: ad-fs-requirements 2018-03-06, connect-connectivity-troubleshooting 2025-04-09, connect-ports 2025-04-09, health-agent-install 2026-05-26, m365-worldwide-endpoints 2022-07-29, password-protection-deploy 2025-03-04, portbook-gaps ; rule set nkr54szwcu
# 201 rules: 183 exact, 18 not applicable. Enforces if the profile's DefaultOutboundAction is Block (outbound rules) or DefaultInboundAction is Block (inbound rules).
# documented elsewhere: cloud-sync-troubleshooting 2026-08-21 names 17 more, not in here
# documented elsewhere: ad-fs-securing 2024-02-13 names 9 more, not in here
# For connect (connect-server, health-agent): 20 firewall rules.

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

$Group = 'Portbook/contoso-hq/connect'
$Prefix = 'portbook-contoso-hq-connect-'

$Keywords = @(
)

# The parameters of New-NetFirewallRule.
$Rules = @(
    @{
        Name = 'portbook-contoso-hq-connect-r-nfjh7ejs6c-out'
        DisplayName = 'Portbook r-nfjh7ejs6c: connect-server to ad-fs-server, TCP 80'
        Description = 'certificate revocation lists (as the text says)'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteAddress = @(
            '10.40.0.11'
            '10.40.0.12'
        )
    }
    @{
        Name = 'portbook-contoso-hq-connect-r-qqvkqiu6l2-out'
        DisplayName = 'Portbook r-qqvkqiu6l2: connect-server to ad-fs-server, TCP 443'
        Description = 'synchronization with Entra ID (as the text says)'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteAddress = @(
            '10.40.0.11'
            '10.40.0.12'
        )
    }
    @{
        Name = 'portbook-contoso-hq-connect-r-bfzvscmrge-out'
        DisplayName = 'Portbook r-bfzvscmrge: connect-server to ad-fs-server, TCP 5985'
        Description = 'WinRM listener'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '5985'
        RemoteAddress = @(
            '10.40.0.11'
            '10.40.0.12'
        )
    }
    @{
        Name = 'portbook-contoso-hq-connect-r-g5nebkf3eo-out'
        DisplayName = 'Portbook r-g5nebkf3eo: connect-server to domain-controller, TCP 53'
        Description = 'DNS lookups on the destination forest'
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
        Name = 'portbook-contoso-hq-connect-r-jk53ujj4wi-out'
        DisplayName = 'Portbook r-jk53ujj4wi: connect-server to domain-controller, TCP 88'
        Description = 'Kerberos authentication to the forest'
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
        Name = 'portbook-contoso-hq-connect-r-5v75i2sxg4-out'
        DisplayName = 'Portbook r-5v75i2sxg4: connect-server to domain-controller, TCP 135'
        Description = 'RPC endpoint mapper, when the wizard binds to the forest, and password synchronization'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '135'
        RemoteAddress = @(
            '10.10.0.0/28'
        )
    }
    @{
        Name = 'portbook-contoso-hq-connect-r-4hwm6s4oun-out'
        DisplayName = 'Portbook r-4hwm6s4oun: connect-server to domain-controller, TCP 389'
        Description = 'data import, encrypted with Kerberos sign and seal'
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
        Name = 'portbook-contoso-hq-connect-r-2ouvpkrwzj-out'
        DisplayName = 'Portbook r-2ouvpkrwzj: connect-server to domain-controller, TCP 5985'
        Description = 'WinRM, while the wizard installs AD FS with a group managed service account'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '5985'
        RemoteAddress = @(
            '10.10.0.0/28'
        )
    }
    @{
        Name = 'portbook-contoso-hq-connect-r-nhmjqijrz2-out'
        DisplayName = 'Portbook r-nhmjqijrz2: connect-server to domain-controller, TCP 9389'
        Description = 'AD DS Web Services, while the wizard installs AD FS with a group managed service account'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '9389'
        RemoteAddress = @(
            '10.10.0.0/28'
        )
    }
    @{
        Name = 'portbook-contoso-hq-connect-r-62jx6cnr3t-out'
        DisplayName = 'Portbook r-62jx6cnr3t: connect-server to domain-controller, TCP 49152-65535'
        Description = 'random high RPC port, when the wizard binds to the forest, and password synchronization'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '49152-65535'
        RemoteAddress = @(
            '10.10.0.0/28'
        )
    }
    @{
        Name = 'portbook-contoso-hq-connect-r-yq65vyii5d-out'
        DisplayName = 'Portbook r-yq65vyii5d: connect-server to domain-controller, UDP 53'
        Description = 'DNS lookups on the destination forest'
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
        Name = 'portbook-contoso-hq-connect-r-c5d7p4hbs4-out'
        DisplayName = 'Portbook r-c5d7p4hbs4: connect-server to domain-controller, UDP 88'
        Description = 'Kerberos authentication to the forest'
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
        Name = 'portbook-contoso-hq-connect-r-cj2vuhmfql-out'
        DisplayName = 'Portbook r-cj2vuhmfql: connect-server to domain-controller, UDP 123'
        Description = 'a domain member takes its time from the domain, and Kerberos refuses a clock that is off; no document of this catalog states it (no document states it)'
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
        Name = 'portbook-contoso-hq-connect-r-vib5hkqmoy-out'
        DisplayName = 'Portbook r-vib5hkqmoy: connect-server to domain-controller, UDP 389'
        Description = 'data import, encrypted with Kerberos sign and seal'
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
        Name = 'portbook-contoso-hq-connect-r-3pitwlh37i-out'
        DisplayName = 'Portbook r-3pitwlh37i: connect-server to web-application-proxy, TCP 80'
        Description = 'certificate revocation lists (as the text says)'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteAddress = @(
            '10.30.0.21'
            '10.30.0.22'
        )
    }
    @{
        Name = 'portbook-contoso-hq-connect-r-tsgeei6l3q-out'
        DisplayName = 'Portbook r-tsgeei6l3q: connect-server to web-application-proxy, TCP 443'
        Description = 'synchronization with Entra ID (as the text says)'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteAddress = @(
            '10.30.0.21'
            '10.30.0.22'
        )
    }
    @{
        Name = 'portbook-contoso-hq-connect-r-fumlnhktvu-out'
        DisplayName = 'Portbook r-fumlnhktvu: connect-server to web-application-proxy, TCP 5985'
        Description = 'WinRM listener'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '5985'
        RemoteAddress = @(
            '10.30.0.21'
            '10.30.0.22'
        )
    }
    @{
        Name = 'portbook-contoso-hq-connect-proxy-bifw3cvj-out'
        DisplayName = 'Portbook: connect-server, health-agent to proxy proxy.contoso.com:8080, TCP 8080'
        Description = 'for 103 rules: r-7su4u2js3y r-rgs4wr7obq r-lxk6n6hnj7 r-6tw4d7bxwz r-cylre7wekt r-cavcai4nnq r-5iwc7lnlg4 r-txtmyillvh r-ypwxwdtnth r-st4el3qqkn r-2seuuesd37 r-iiyfhlalwa r-skatuxcyb4 r-h6b7vkufey r-4ztje3qnnw r-oqycm5bbla r-zkxrshlwwy r-wtgm6fjzai r-7ocp67zy7i r-ekx5xzuj7z r-6hzd5zigkb r-fetpocdexg r-k4gojdrqj5 r-ojhuyddglx r-2bi5tsl73k r-d5iidaydtr r-37rt5cgtpe r-ynelogiwjs r-j7lgwli2bd r-t667pevjkw r-esttvvf3g6 r-vbwikv4bue r-hojqefw6fh r-yo4j5biaua r-niyaaagpxo r-v77xdhy7de r-2q7shjj7go r-lrpxf5ffbi r-lurtqtlfxe r-een5bege75 r-nyyxuiqowr r-r5e4v65gti r-6lz4kjjnuz r-dym2iyzdvq r-h27capppu2 r-5z4bqwyfwv r-glxhtcqk3k r-n2avcfzmvf r-sqjkodxtwx r-mhug5lnw2e r-wupt6yo3oy r-icw66heocl r-gsfclmanyx r-ifup5qqz3l r-euf2nej76v r-2c5n54ov52 r-55ablqdlgm r-gtmcddyzds r-wlx6hnhacd r-fjrymueb4i r-hvowsremnv r-m5l2ubxnqh r-mm3ndaudif r-ozxudv6c3b r-yt7uvpvgjf r-dlxizz3xxe r-ekiuc4bkti r-bzssdehydb r-xkbed6q7ck r-nwrn2oqf24 r-vcg6yobsfy r-azp4es7n3o r-g6sx3eikcy r-3eba5x2wa5 r-6owfupukj5 r-paze27esbn r-ps6dk27r3j r-hdmu67fzcl r-p2msduarib r-kt6kasf5qg r-tlp3obcyrh r-xahmofw7wd r-opwuwc25od r-lb44ufmt7u r-rvhm4rfmr7 r-wqvrogvtna r-446r6455tb r-tl6oai53do r-6w24jxalll r-zragfkyogv r-xviinyiqx7 r-ncp2h23pi3 r-fe5j4hsdeu r-gd37rh6toh r-gfcmdnuqj7 r-3ykmcbnw5i r-ceh2cn4mxq r-4cehpt3zcd r-k36guzxr3h r-kd2dpuvnoo r-gs7zrpo5ct r-3qkrlf57aj r-lkxget2ncy'
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
        Name = 'portbook-contoso-hq-connect-r-f2tihl3l5z-out'
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
        Name = 'portbook-contoso-hq-connect-r-jcxepc3e2e-out'
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
    Station = 'connect'
    Group = $Group
    PolicyStore = $PolicyStore
    Created = $done.Created
    Updated = $done.Updated
    Removed = $done.Removed
    KeywordsCreated = $done.KeywordsCreated
    KeywordsRemoved = $done.KeywordsRemoved
    Profiles = @(Get-ProfileState)
}
