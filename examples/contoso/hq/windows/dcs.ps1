# Portbook: Microsoft Entra Cloud Sync + Microsoft Entra Connect Sync + AD FS farm and Web Application Proxy + Microsoft Entra Connect Health + Microsoft Entra Password Protection + Microsoft Entra hybrid join, Azure public cloud
# documents: ad-fs-requirements 2018-03-06, connect-connectivity-troubleshooting 2025-04-09, connect-ports 2025-04-09, health-agent-install 2026-05-26, m365-worldwide-endpoints 2022-07-29, password-protection-deploy 2025-03-04, portbook-gaps ; rule set nkr54szwcu
# 201 rules: 183 exact, 18 not applicable. Enforces if the profile's DefaultOutboundAction is Block (outbound rules) or DefaultInboundAction is Block (inbound rules).
# documented elsewhere: cloud-sync-troubleshooting 2026-08-21 names 17 more, not in here
# documented elsewhere: ad-fs-securing 2024-02-13 names 9 more, not in here
# For dcs (dns-server, domain-controller, health-agent, password-protection-dc-agent): 51 firewall rules.

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

$Group = 'Portbook/contoso-hq/dcs'
$Prefix = 'portbook-contoso-hq-dcs-'

$Keywords = @(
)

# The parameters of New-NetFirewallRule.
$Rules = @(
    @{
        Name = 'portbook-contoso-hq-dcs-r-ufh67m3ihw-in'
        DisplayName = 'Portbook r-ufh67m3ihw: ad-fs-server to dns-server, TCP 53'
        Description = 'both servers reach each other and the clients'' certificate authorities by name; connect-ports (2025-04-09, table 1) states DNS for the Connect server only (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '53'
        RemoteAddress = @(
            '10.40.0.11'
            '10.40.0.12'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-jpcaloe5lf-in'
        DisplayName = 'Portbook r-jpcaloe5lf: ad-fs-server to dns-server, UDP 53'
        Description = 'both servers reach each other and the clients'' certificate authorities by name; connect-ports (2025-04-09, table 1) states DNS for the Connect server only (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        LocalPort = '53'
        RemoteAddress = @(
            '10.40.0.11'
            '10.40.0.12'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-2coc4gza45-in'
        DisplayName = 'Portbook r-2coc4gza45: ad-fs-server to domain-controller, TCP 88'
        Description = 'AD FS servers are members of a domain and authenticate users against it; connect-ports (2025-04-09, table 1) states Kerberos for the Connect server only (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '88'
        RemoteAddress = @(
            '10.40.0.11'
            '10.40.0.12'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-ssuketdntd-in'
        DisplayName = 'Portbook r-ssuketdntd: ad-fs-server to domain-controller, TCP 389'
        Description = 'a domain member locates its controllers by LDAP and AD FS reads the attributes of its claims there; connect-ports (2025-04-09, table 1) states LDAP for the Connect server only (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '389'
        RemoteAddress = @(
            '10.40.0.11'
            '10.40.0.12'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-ai5qjrpwa5-in'
        DisplayName = 'Portbook r-ai5qjrpwa5: ad-fs-server to domain-controller, TCP 3268'
        Description = 'sign-in with a user principal name in a forest of several domains is looked up in the global catalog; connect-ports (2025-04-09, table 1) states 3268 for the Connect server only (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '3268'
        RemoteAddress = @(
            '10.40.0.11'
            '10.40.0.12'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-7nuhdgy4cm-in'
        DisplayName = 'Portbook r-7nuhdgy4cm: ad-fs-server to domain-controller, UDP 88'
        Description = 'AD FS servers are members of a domain and authenticate users against it; connect-ports (2025-04-09, table 1) states Kerberos for the Connect server only (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        LocalPort = '88'
        RemoteAddress = @(
            '10.40.0.11'
            '10.40.0.12'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-2sqcyf34bz-in'
        DisplayName = 'Portbook r-2sqcyf34bz: ad-fs-server to domain-controller, UDP 123'
        Description = 'a domain member takes its time from the domain, and neither Kerberos nor signed tokens survive a wrong clock; no document of this catalog states it (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        LocalPort = '123'
        RemoteAddress = @(
            '10.40.0.11'
            '10.40.0.12'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-jzeb3jqanm-in'
        DisplayName = 'Portbook r-jzeb3jqanm: ad-fs-server to domain-controller, UDP 389'
        Description = 'a domain member locates its controllers by LDAP and AD FS reads the attributes of its claims there; connect-ports (2025-04-09, table 1) states LDAP for the Connect server only (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        LocalPort = '389'
        RemoteAddress = @(
            '10.40.0.11'
            '10.40.0.12'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-g5nebkf3eo-in'
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
            '10.20.0.22'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-jk53ujj4wi-in'
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
            '10.20.0.22'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-5v75i2sxg4-in'
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
            '10.20.0.22'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-4hwm6s4oun-in'
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
            '10.20.0.22'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-2ouvpkrwzj-in'
        DisplayName = 'Portbook r-2ouvpkrwzj: connect-server to domain-controller, TCP 5985'
        Description = 'WinRM, while the wizard installs AD FS with a group managed service account'
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
        Name = 'portbook-contoso-hq-dcs-r-nhmjqijrz2-in'
        DisplayName = 'Portbook r-nhmjqijrz2: connect-server to domain-controller, TCP 9389'
        Description = 'AD DS Web Services, while the wizard installs AD FS with a group managed service account'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '9389'
        RemoteAddress = @(
            '10.20.0.21'
            '10.20.0.22'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-62jx6cnr3t-in'
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
            '10.20.0.22'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-yq65vyii5d-in'
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
            '10.20.0.22'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-c5d7p4hbs4-in'
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
            '10.20.0.22'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-cj2vuhmfql-in'
        DisplayName = 'Portbook r-cj2vuhmfql: connect-server to domain-controller, UDP 123'
        Description = 'a domain member takes its time from the domain, and Kerberos refuses a clock that is off; no document of this catalog states it (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        LocalPort = '123'
        RemoteAddress = @(
            '10.20.0.21'
            '10.20.0.22'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-vib5hkqmoy-in'
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
            '10.20.0.22'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-f2tihl3l5z-in'
        DisplayName = 'Portbook r-f2tihl3l5z: health-agent to dns-server, TCP 53'
        Description = 'every name of health-agent-install has to be resolved; the page states no port for it (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '53'
        RemoteAddress = @(
            '10.10.0.0/28'
            '10.20.0.21'
            '10.20.0.22'
            '10.40.0.11'
            '10.40.0.12'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-f2tihl3l5z-out'
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
        Name = 'portbook-contoso-hq-dcs-r-jcxepc3e2e-in'
        DisplayName = 'Portbook r-jcxepc3e2e: health-agent to dns-server, UDP 53'
        Description = 'every name of health-agent-install has to be resolved; the page states no port for it (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        LocalPort = '53'
        RemoteAddress = @(
            '10.10.0.0/28'
            '10.20.0.21'
            '10.20.0.22'
            '10.40.0.11'
            '10.40.0.12'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-jcxepc3e2e-out'
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
        Name = 'portbook-contoso-hq-dcs-proxy-bifw3cvj-out'
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
        Name = 'portbook-contoso-hq-dcs-r-oul326aulo-out'
        DisplayName = 'Portbook r-oul326aulo: password-protection-dc-agent to dns-server, TCP 53'
        Description = 'every name of password-protection-deploy has to be resolved, the proxy server by the domain controllers too; the page states no port for it (no document states it)'
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
        Name = 'portbook-contoso-hq-dcs-r-oul326aulo-in'
        DisplayName = 'Portbook r-oul326aulo: password-protection-dc-agent to dns-server, TCP 53'
        Description = 'every name of password-protection-deploy has to be resolved, the proxy server by the domain controllers too; the page states no port for it (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '53'
        RemoteAddress = @(
            '10.10.0.0/28'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-dutsc2pbro-out'
        DisplayName = 'Portbook r-dutsc2pbro: password-protection-dc-agent to dns-server, UDP 53'
        Description = 'every name of password-protection-deploy has to be resolved, the proxy server by the domain controllers too; the page states no port for it (no document states it)'
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
        Name = 'portbook-contoso-hq-dcs-r-dutsc2pbro-in'
        DisplayName = 'Portbook r-dutsc2pbro: password-protection-dc-agent to dns-server, UDP 53'
        Description = 'every name of password-protection-deploy has to be resolved, the proxy server by the domain controllers too; the page states no port for it (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        LocalPort = '53'
        RemoteAddress = @(
            '10.10.0.0/28'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-j7lwrvl2bt-out'
        DisplayName = 'Portbook r-j7lwrvl2bt: password-protection-dc-agent to password-protection-proxy, TCP 135'
        Description = 'RPC endpoint mapper'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '135'
        RemoteAddress = @(
            '10.20.0.31'
            '10.20.0.32'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-ugiyyey7tt-out'
        DisplayName = 'Portbook r-ugiyyey7tt: password-protection-dc-agent to password-protection-proxy, TCP 49152-65535'
        Description = 'policies by RPC'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '49152-65535'
        RemoteAddress = @(
            '10.20.0.31'
            '10.20.0.32'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-byejpbr3xk-in'
        DisplayName = 'Portbook r-byejpbr3xk: password-protection-proxy to dns-server, TCP 53'
        Description = 'every name of password-protection-deploy has to be resolved, the proxy server by the domain controllers too; the page states no port for it (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '53'
        RemoteAddress = @(
            '10.20.0.31'
            '10.20.0.32'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-q422qxo6ii-in'
        DisplayName = 'Portbook r-q422qxo6ii: password-protection-proxy to dns-server, UDP 53'
        Description = 'every name of password-protection-deploy has to be resolved, the proxy server by the domain controllers too; the page states no port for it (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        LocalPort = '53'
        RemoteAddress = @(
            '10.20.0.31'
            '10.20.0.32'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-25kog53hig-in'
        DisplayName = 'Portbook r-25kog53hig: password-protection-proxy to domain-controller, TCP 88'
        Description = '"The host machine must be joined to a domain" of the forest, and domain controllers log on to the service (password-protection-deploy); the page states no port for it (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '88'
        RemoteAddress = @(
            '10.20.0.31'
            '10.20.0.32'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-yc5kgunwev-in'
        DisplayName = 'Portbook r-yc5kgunwev: password-protection-proxy to domain-controller, TCP 389'
        Description = '"You need network connectivity between at least one DC in each domain of the forest and the password protection machine" (password-protection-deploy, 2020-03-05); the page states no port for it (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '389'
        RemoteAddress = @(
            '10.20.0.31'
            '10.20.0.32'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-rpktnmvgzh-in'
        DisplayName = 'Portbook r-rpktnmvgzh: password-protection-proxy to domain-controller, UDP 88'
        Description = '"The host machine must be joined to a domain" of the forest, and domain controllers log on to the service (password-protection-deploy); the page states no port for it (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        LocalPort = '88'
        RemoteAddress = @(
            '10.20.0.31'
            '10.20.0.32'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-kkas3mi4qt-in'
        DisplayName = 'Portbook r-kkas3mi4qt: password-protection-proxy to domain-controller, UDP 389'
        Description = '"You need network connectivity between at least one DC in each domain of the forest and the password protection machine" (password-protection-deploy, 2020-03-05); the page states no port for it (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        LocalPort = '389'
        RemoteAddress = @(
            '10.20.0.31'
            '10.20.0.32'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-zsa6im7frd-in'
        DisplayName = 'Portbook r-zsa6im7frd: provisioning-agent to dns-server, TCP 53'
        Description = 'every name of the documents has to be resolved, and cloud-sync-troubleshooting (2026-08-21) asks that the device resolve whole chains of CNAME records; no document states the port (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '53'
        RemoteAddress = @(
            '10.20.0.11'
            '10.20.0.12/31'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-m46egiq5y2-in'
        DisplayName = 'Portbook r-m46egiq5y2: provisioning-agent to dns-server, UDP 53'
        Description = 'every name of the documents has to be resolved, and cloud-sync-troubleshooting (2026-08-21) asks that the device resolve whole chains of CNAME records; no document states the port (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        LocalPort = '53'
        RemoteAddress = @(
            '10.20.0.11'
            '10.20.0.12/31'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-5hqbmycx3u-in'
        DisplayName = 'Portbook r-5hqbmycx3u: provisioning-agent to domain-controller, TCP 88'
        Description = 'the agent runs under a group managed service account on a domain member (cloud-sync-prerequisites) and NTLM is to be off there, so it signs in with Kerberos; connect-ports (2025-04-09, table 1) states it for Connect Sync (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '88'
        RemoteAddress = @(
            '10.20.0.11'
            '10.20.0.12/31'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-yssbgay6mn-in'
        DisplayName = 'Portbook r-yssbgay6mn: provisioning-agent to domain-controller, TCP 389'
        Description = 'the agent reads users and groups from the directory; cloud-sync-prerequisites states 389 for group provisioning only (2024-04-26 and later), connect-ports (2025-04-09, table 1) for Connect Sync (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '389'
        RemoteAddress = @(
            '10.20.0.11'
            '10.20.0.12/31'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-4kk6hpaqb5-in'
        DisplayName = 'Portbook r-4kk6hpaqb5: provisioning-agent to domain-controller, TCP 3268'
        Description = 'references to objects of other domains are looked up in the global catalog; cloud-sync-prerequisites states 3268 for group provisioning only (2024-04-26 and later) (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '3268'
        RemoteAddress = @(
            '10.20.0.11'
            '10.20.0.12/31'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-tor5bly324-in'
        DisplayName = 'Portbook r-tor5bly324: provisioning-agent to domain-controller, UDP 88'
        Description = 'the agent runs under a group managed service account on a domain member (cloud-sync-prerequisites) and NTLM is to be off there, so it signs in with Kerberos; connect-ports (2025-04-09, table 1) states it for Connect Sync (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        LocalPort = '88'
        RemoteAddress = @(
            '10.20.0.11'
            '10.20.0.12/31'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-ba72igoogl-in'
        DisplayName = 'Portbook r-ba72igoogl: provisioning-agent to domain-controller, UDP 123'
        Description = 'a domain member takes its time from the domain, and Kerberos refuses a clock that is off; no document of this catalog states it (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        LocalPort = '123'
        RemoteAddress = @(
            '10.20.0.11'
            '10.20.0.12/31'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-wzktr54qkm-in'
        DisplayName = 'Portbook r-wzktr54qkm: user-device to dns-server, TCP 53'
        Description = 'every name of hybrid-join-configure has to be resolved; the page states no port for it (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '53'
        RemoteAddress = @(
            '10.64.0.0/14'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-ggqryljzmx-in'
        DisplayName = 'Portbook r-ggqryljzmx: user-device to dns-server, UDP 53'
        Description = 'every name of hybrid-join-configure has to be resolved; the page states no port for it (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        LocalPort = '53'
        RemoteAddress = @(
            '10.64.0.0/14'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-2l2ntxklvb-in'
        DisplayName = 'Portbook r-2l2ntxklvb: user-device to domain-controller, TCP 88'
        Description = 'the connection is made in the context of the domain-joined machine, which signs in to its domain and, where a proxy asks for it, to the proxy (hybrid-join-configure, 2025-06-27) (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '88'
        RemoteAddress = @(
            '10.64.0.0/14'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-qzrcanwqt3-in'
        DisplayName = 'Portbook r-qzrcanwqt3: user-device to domain-controller, TCP 389'
        Description = 'the device reads the tenant from the service connection point that Connect configures in the forest (hybrid-join-configure, 2025-06-27); the page states no port for it (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '389'
        RemoteAddress = @(
            '10.64.0.0/14'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-kylh62ay4d-in'
        DisplayName = 'Portbook r-kylh62ay4d: user-device to domain-controller, UDP 88'
        Description = 'the connection is made in the context of the domain-joined machine, which signs in to its domain and, where a proxy asks for it, to the proxy (hybrid-join-configure, 2025-06-27) (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        LocalPort = '88'
        RemoteAddress = @(
            '10.64.0.0/14'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-iimtqvcm6m-in'
        DisplayName = 'Portbook r-iimtqvcm6m: user-device to domain-controller, UDP 389'
        Description = 'the device reads the tenant from the service connection point that Connect configures in the forest (hybrid-join-configure, 2025-06-27); the page states no port for it (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        LocalPort = '389'
        RemoteAddress = @(
            '10.64.0.0/14'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-ezcisou5mg-in'
        DisplayName = 'Portbook r-ezcisou5mg: web-application-proxy to dns-server, TCP 53'
        Description = 'both servers reach each other and the clients'' certificate authorities by name; connect-ports (2025-04-09, table 1) states DNS for the Connect server only (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        LocalPort = '53'
        RemoteAddress = @(
            '10.30.0.21'
            '10.30.0.22'
        )
    }
    @{
        Name = 'portbook-contoso-hq-dcs-r-ukw3j7ouj7-in'
        DisplayName = 'Portbook r-ukw3j7ouj7: web-application-proxy to dns-server, UDP 53'
        Description = 'both servers reach each other and the clients'' certificate authorities by name; connect-ports (2025-04-09, table 1) states DNS for the Connect server only (no document states it)'
        Enabled = 'True'
        Direction = 'Inbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        LocalPort = '53'
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
    Station = 'dcs'
    Group = $Group
    PolicyStore = $PolicyStore
    Created = $done.Created
    Updated = $done.Updated
    Removed = $done.Removed
    KeywordsCreated = $done.KeywordsCreated
    KeywordsRemoved = $done.KeywordsRemoved
    Profiles = @(Get-ProfileState)
}
