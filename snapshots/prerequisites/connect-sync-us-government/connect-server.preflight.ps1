# Portbook: prerequisites of Microsoft Entra Connect Sync, Azure Government
# documents: connect-connectivity-troubleshooting 2025-04-09, connect-instances 2025-04-09, connect-tls-enforcement 2025-04-09, connect-prerequisites 2026-01-16, connect-ports 2025-04-09, m365-gcc-high-endpoints 2023-03-01
# For connect-server. Reads, connects and reports; changes nothing.

<#
.SYNOPSIS
Checks on this host what Microsoft documents for it, and changes nothing.
.DESCRIPTION
Checks each prerequisite that a host can tell of itself, and connects to each documented endpoint as the service would:
through the proxy where there is one, with a TLS 1.2 handshake on TLS ports and a plain HTTP request on port 80. It sends
nothing behind a TLS handshake. What cannot be tested is listed with the reason.

Run it with: powershell.exe -NoProfile -ExecutionPolicy Bypass -File FILE
(that policy holds for this one process; the check looks at those of the machine).

Exit code: 0 everything that could be tested is fine, 1 something required failed, 2 something could not be tested.
.PARAMETER Proxy
The HTTP proxy, as host:port. Without it the proxy that WinHTTP has for this machine, which is only read, and its bypass list.
.PARAMETER NoProxy
Connects directly whatever WinHTTP says.
.PARAMETER ProxyCredential
For a proxy that asks for HTTP Basic authentication. Sent to the proxy only, and only after it asked.
.PARAMETER TimeoutSeconds
For each look-up, connection and answer.
.PARAMETER Json
Writes one JSON object in place of the table.
#>
#Requires -Version 5.1
[CmdletBinding()]
param(
    [ValidatePattern('^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}$')]
    [string] $Proxy,
    [switch] $NoProxy,
    [System.Management.Automation.PSCredential] $ProxyCredential,
    [ValidateRange(1, 120)]
    [int] $TimeoutSeconds = 10,
    [switch] $Json
)

$ErrorActionPreference = 'Stop'
$Wait = $TimeoutSeconds * 1000

$Checks = @(
    @{
        Id = 'proxy-settings'
        What = 'proxy: set in %windir%\Microsoft.NET\Framework64\v4.0.30319\Config\machine.config'
        Kind = 'proxy'
        Required = $true
        Source = 'connect-connectivity-troubleshooting 2025-04-09'
    }
    @{
        Id = 'proxy-authentication'
        What = 'proxy: authentication default-credentials'
        Kind = 'proxy'
        Required = $true
        Source = 'connect-connectivity-troubleshooting 2025-04-09'
    }
    @{
        Id = 'proxy-idle-timeout'
        What = 'proxy: idle connections kept for more than 5 minutes'
        Kind = 'proxy'
        Required = $true
        Source = 'connect-connectivity-troubleshooting 2025-04-09'
    }
    @{
        Id = 'azure-instance'
        What = 'registry: HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Azure AD Connect\AzureInstance = 4'
        Kind = 'registry'
        Required = $false
        Source = 'connect-instances 2025-04-09'
        'Key' = 'HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Azure AD Connect'
        'Name' = 'AzureInstance'
        'Number' = 4
    }
    @{
        Id = 'tls-12-registry'
        What = 'registry: HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\.NETFramework\v4.0.30319\SystemDefaultTlsVersions = 1'
        Kind = 'registry'
        Required = $true
        Source = 'connect-tls-enforcement 2025-04-09'
        'Key' = 'HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\.NETFramework\v4.0.30319'
        'Name' = 'SystemDefaultTlsVersions'
        'Number' = 1
    }
    @{
        Id = 'tls-12-registry'
        What = 'registry: HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\.NETFramework\v4.0.30319\SchUseStrongCrypto = 1'
        Kind = 'registry'
        Required = $true
        Source = 'connect-tls-enforcement 2025-04-09'
        'Key' = 'HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\Microsoft\.NETFramework\v4.0.30319'
        'Name' = 'SchUseStrongCrypto'
        'Number' = 1
    }
    @{
        Id = 'tls-12-registry'
        What = 'registry: HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\.NETFramework\v4.0.30319\SystemDefaultTlsVersions = 1'
        Kind = 'registry'
        Required = $true
        Source = 'connect-tls-enforcement 2025-04-09'
        'Key' = 'HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\.NETFramework\v4.0.30319'
        'Name' = 'SystemDefaultTlsVersions'
        'Number' = 1
    }
    @{
        Id = 'tls-12-registry'
        What = 'registry: HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\.NETFramework\v4.0.30319\SchUseStrongCrypto = 1'
        Kind = 'registry'
        Required = $true
        Source = 'connect-tls-enforcement 2025-04-09'
        'Key' = 'HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\.NETFramework\v4.0.30319'
        'Name' = 'SchUseStrongCrypto'
        'Number' = 1
    }
    @{
        Id = 'tls-12-registry'
        What = 'registry: HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Server\Enabled = 1'
        Kind = 'registry'
        Required = $true
        Source = 'connect-tls-enforcement 2025-04-09'
        'Key' = 'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Server'
        'Name' = 'Enabled'
        'Number' = 1
    }
    @{
        Id = 'tls-12-registry'
        What = 'registry: HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Server\DisabledByDefault = 0'
        Kind = 'registry'
        Required = $true
        Source = 'connect-tls-enforcement 2025-04-09'
        'Key' = 'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Server'
        'Name' = 'DisabledByDefault'
        'Number' = 0
    }
    @{
        Id = 'tls-12-registry'
        What = 'registry: HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client\Enabled = 1'
        Kind = 'registry'
        Required = $true
        Source = 'connect-tls-enforcement 2025-04-09'
        'Key' = 'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client'
        'Name' = 'Enabled'
        'Number' = 1
    }
    @{
        Id = 'tls-12-registry'
        What = 'registry: HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client\DisabledByDefault = 0'
        Kind = 'registry'
        Required = $true
        Source = 'connect-tls-enforcement 2025-04-09'
        'Key' = 'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Client'
        'Name' = 'DisabledByDefault'
        'Number' = 0
    }
    @{
        Id = 'mandatory-version'
        What = 'software: Microsoft Entra Connect Sync 2.6.84.0 or later'
        Kind = 'manual'
        Required = $true
        Source = 'connect-prerequisites 2026-01-16'
        Note = 'nothing on this host tells it'
    }
    @{
        Id = 'verified-domain'
        What = 'preparation: the domain for users added and verified in the tenant'
        Kind = 'manual'
        Required = $true
        Source = 'connect-prerequisites 2026-01-16'
        Note = 'nothing on this host tells it'
    }
    @{
        Id = 'idfix'
        What = 'preparation: the IdFix tool, run on the directory'
        Kind = 'manual'
        Required = $true
        Source = 'connect-prerequisites 2026-01-16'
        Note = 'nothing on this host tells it'
    }
    @{
        Id = 'directory-schema'
        What = 'remark: schema version and forest functional level of Windows Server 2003 or later'
        Kind = 'manual'
        Required = $true
        Source = 'connect-prerequisites 2026-01-16'
        Note = 'look on domain-controller'
    }
    @{
        Id = 'recycle-bin'
        What = 'preparation: the Active Directory recycle bin'
        Kind = 'manual'
        Required = $false
        Source = 'connect-prerequisites 2026-01-16'
        Note = 'look on domain-controller'
    }
    @{
        Id = 'execution-policy'
        What = 'execution-policy: RemoteSigned'
        Kind = 'execution-policy'
        Required = $false
        Source = 'connect-prerequisites 2026-01-16'
        'Policies' = @('RemoteSigned')
    }
    @{
        Id = 'administrative-tier'
        What = 'administrative-tier: 0'
        Kind = 'manual'
        Required = $true
        Source = 'connect-prerequisites 2026-01-16'
        Note = 'nothing on this host tells it'
    }
    @{
        Id = 'domain-joined'
        What = 'domain-joined: required'
        Kind = 'domain-joined'
        Required = $true
        Source = 'connect-prerequisites 2026-01-16'
    }
    @{
        Id = 'server-os-recommended'
        What = 'windows-server: 2022 or 2025'
        Kind = 'windows-server'
        Required = $false
        Source = 'connect-prerequisites 2026-01-16'
        'Builds' = @('20348', '26100')
    }
    @{
        Id = 'dotnet-framework'
        What = 'dotnet-framework: 4.6.2 or later'
        Kind = 'dotnet-framework'
        Required = $true
        Source = 'connect-prerequisites 2026-01-16'
        'Release' = 394802
    }
    @{
        Id = 'dotnet-framework-mandatory-version'
        What = 'dotnet-framework: 4.7.2 or later'
        Kind = 'dotnet-framework'
        Required = $true
        Source = 'connect-prerequisites 2026-01-16'
        'Release' = 461808
    }
    @{
        Id = 'server-core'
        What = 'server-core: unsupported'
        Kind = 'server-core'
        Required = $true
        Source = 'connect-prerequisites 2026-01-16'
    }
    @{
        Id = 'tls-inspection'
        What = 'tls-inspection: unsupported'
        Kind = 'manual'
        Required = $true
        Source = 'connect-prerequisites 2026-01-16'
        Note = 'compare the issuers that the TLS tests below name'
    }
    @{
        Id = 'ntlm'
        What = 'ntlm: disabled'
        Kind = 'ntlm'
        Required = $false
        Source = 'connect-prerequisites 2026-01-16'
    }
    @{
        Id = 'tenant-credentials'
        What = 'credentials: Global Administrator or Hybrid Identity Administrator to integrate the tenant, no Microsoft account'
        Kind = 'manual'
        Required = $true
        Source = 'connect-prerequisites 2026-01-16'
        Note = 'nothing on this host tells it'
    }
    @{
        Id = 'forest-credentials'
        What = 'credentials: Enterprise Administrator to install with express settings'
        Kind = 'manual'
        Required = $true
        Source = 'connect-prerequisites 2026-01-16'
        Note = 'nothing on this host tells it'
    }
    @{
        Id = 'tls-12'
        What = 'tls: 1.2 enabled'
        Kind = 'tls'
        Required = $true
        Source = 'connect-prerequisites 2026-01-16'
        'Version' = '1.2'
    }
    @{
        Id = 'proxy-settings'
        What = 'proxy: set in C:\Windows\Microsoft.NET\Framework64\v4.0.30319\Config\machine.config'
        Kind = 'proxy'
        Required = $true
        Source = 'connect-prerequisites 2026-01-16'
    }
    @{
        Id = 'proxy-authentication'
        What = 'proxy: authentication default-credentials'
        Kind = 'proxy'
        Required = $true
        Source = 'connect-prerequisites 2026-01-16'
    }
    @{
        Id = 'proxy-idle-timeout'
        What = 'proxy: idle connections kept for at least 6 minutes'
        Kind = 'proxy'
        Required = $true
        Source = 'connect-prerequisites 2026-01-16'
    }
    @{
        Id = 'powershell'
        What = 'software: Windows PowerShell 5.0 or later'
        Kind = 'manual'
        Required = $true
        Source = 'connect-prerequisites 2026-01-16'
        Note = 'nothing on this host tells it'
    }
    @{
        Id = 'memory'
        What = 'memory: at least 6 GB; 10000 objects: 6 GB; 50000 objects: 6 GB; 100000 objects: 16 GB; 300000 objects: 32 GB; 600000 objects: 32 GB or more'
        Kind = 'memory'
        Required = $true
        Source = 'connect-prerequisites 2026-01-16'
        'Minimum' = 6144
        'Rows' = @()
    }
)

$Endpoints = @(
    @{
        Id = 'r-g5nebkf3eo'
        What = 'domain-controller:53'
        How = 'tcp'
        Hosts = @('10.10.0.4', '2001:db8:10::4')
        Port = 53
        Path = '/'
        Proxied = $false
        Required = $true
        Source = 'connect-ports 2025-04-09'
        Note = 'given networks are not tested (1): their hosts are not known'
    }
    @{
        Id = 'r-jk53ujj4wi'
        What = 'domain-controller:88'
        How = 'tcp'
        Hosts = @('10.10.0.4', '2001:db8:10::4')
        Port = 88
        Path = '/'
        Proxied = $false
        Required = $true
        Source = 'connect-ports 2025-04-09'
        Note = 'given networks are not tested (1): their hosts are not known'
    }
    @{
        Id = 'r-5v75i2sxg4'
        What = 'domain-controller:135'
        How = 'tcp'
        Hosts = @('10.10.0.4', '2001:db8:10::4')
        Port = 135
        Path = '/'
        Proxied = $false
        Required = $true
        Source = 'connect-ports 2025-04-09'
        Note = 'given networks are not tested (1): their hosts are not known'
    }
    @{
        Id = 'r-4hwm6s4oun'
        What = 'domain-controller:389'
        How = 'tcp'
        Hosts = @('10.10.0.4', '2001:db8:10::4')
        Port = 389
        Path = '/'
        Proxied = $false
        Required = $true
        Source = 'connect-ports 2025-04-09'
        Note = 'given networks are not tested (1): their hosts are not known'
    }
    @{
        Id = 'r-62jx6cnr3t'
        What = 'domain-controller:49152-65535'
        How = 'manual'
        Hosts = @()
        Port = 0
        Path = '/'
        Proxied = $false
        Required = $true
        Source = 'connect-ports 2025-04-09'
        Note = 'a range of ports, of which one answers at a time'
    }
    @{
        Id = 'r-yq65vyii5d'
        What = 'domain-controller:53 UDP'
        How = 'manual'
        Hosts = @()
        Port = 0
        Path = '/'
        Proxied = $false
        Required = $true
        Source = 'connect-ports 2025-04-09'
        Note = 'UDP gives no answer to wait for'
    }
    @{
        Id = 'r-c5d7p4hbs4'
        What = 'domain-controller:88 UDP'
        How = 'manual'
        Hosts = @()
        Port = 0
        Path = '/'
        Proxied = $false
        Required = $true
        Source = 'connect-ports 2025-04-09'
        Note = 'UDP gives no answer to wait for'
    }
    @{
        Id = 'r-vib5hkqmoy'
        What = 'domain-controller:389 UDP'
        How = 'manual'
        Hosts = @()
        Port = 0
        Path = '/'
        Proxied = $false
        Required = $true
        Source = 'connect-ports 2025-04-09'
        Note = 'UDP gives no answer to wait for'
    }
    @{
        Id = 'r-j2mu4itdnd'
        What = '*.auth.microsoft.us:443'
        How = 'tls'
        Hosts = @('strongauthenticationservice.auth.microsoft.us')
        Port = 443
        Path = '/'
        Proxied = $true
        Required = $true
        Source = 'connect-ports 2025-04-09, m365-gcc-high-endpoints 2023-03-01'
        Note = 'sample: strongauthenticationservice.auth.microsoft.us, named by nps-extension-install 2025-03-04'
    }
    @{
        Id = 'r-wtgm6fjzai'
        What = 'clientconfig.microsoftonline-p.net:443'
        How = 'tls'
        Hosts = @('clientconfig.microsoftonline-p.net')
        Port = 443
        Path = '/'
        Proxied = $true
        Required = $true
        Source = 'connect-ports 2025-04-09, m365-gcc-high-endpoints 2023-03-01'
        Note = ''
    }
    @{
        Id = 'r-qkd7lwku3b'
        What = '*.gov.us.microsoftonline.com:443'
        How = 'manual'
        Hosts = @()
        Port = 0
        Path = '/'
        Proxied = $true
        Required = $true
        Source = 'connect-ports 2025-04-09, connect-instances 2025-04-09, m365-gcc-high-endpoints 2023-03-01'
        Note = 'a wildcard of which no document names a host'
    }
    @{
        Id = 'r-xlhfhbjrcr'
        What = 'graph.microsoft.us:443'
        How = 'tls'
        Hosts = @('graph.microsoft.us')
        Port = 443
        Path = '/'
        Proxied = $true
        Required = $true
        Source = 'connect-ports 2025-04-09, m365-gcc-high-endpoints 2023-03-01'
        Note = ''
    }
    @{
        Id = 'r-al3oq234st'
        What = 'graph.microsoftazure.us:443'
        How = 'tls'
        Hosts = @('graph.microsoftazure.us')
        Port = 443
        Path = '/'
        Proxied = $true
        Required = $true
        Source = 'connect-ports 2025-04-09, m365-gcc-high-endpoints 2023-03-01'
        Note = ''
    }
    @{
        Id = 'r-hojqefw6fh'
        What = 'graph.windows.net:443'
        How = 'tls'
        Hosts = @('graph.windows.net')
        Port = 443
        Path = '/'
        Proxied = $true
        Required = $true
        Source = 'connect-ports 2025-04-09, m365-gcc-high-endpoints 2023-03-01'
        Note = ''
    }
    @{
        Id = 'r-lrpxf5ffbi'
        What = 'login-us.microsoftonline.com:443'
        How = 'tls'
        Hosts = @('login-us.microsoftonline.com')
        Port = 443
        Path = '/'
        Proxied = $true
        Required = $true
        Source = 'connect-ports 2025-04-09, m365-gcc-high-endpoints 2023-03-01'
        Note = ''
    }
    @{
        Id = 'r-r5e4v65gti'
        What = 'login.microsoftonline-p.com:443'
        How = 'tls'
        Hosts = @('login.microsoftonline-p.com')
        Port = 443
        Path = '/'
        Proxied = $true
        Required = $true
        Source = 'connect-ports 2025-04-09, m365-gcc-high-endpoints 2023-03-01'
        Note = ''
    }
    @{
        Id = 'r-dym2iyzdvq'
        What = 'login.microsoftonline.com:443'
        How = 'tls'
        Hosts = @('login.microsoftonline.com')
        Port = 443
        Path = '/'
        Proxied = $true
        Required = $true
        Source = 'connect-ports 2025-04-09, m365-gcc-high-endpoints 2023-03-01'
        Note = ''
    }
    @{
        Id = 'r-rnvbgeexch'
        What = 'login.microsoftonline.us:443'
        How = 'tls'
        Hosts = @('login.microsoftonline.us')
        Port = 443
        Path = '/'
        Proxied = $true
        Required = $true
        Source = 'connect-ports 2025-04-09, m365-gcc-high-endpoints 2023-03-01'
        Note = ''
    }
    @{
        Id = 'r-5z4bqwyfwv'
        What = 'login.windows.net:443'
        How = 'tls'
        Hosts = @('login.windows.net')
        Port = 443
        Path = '/'
        Proxied = $true
        Required = $true
        Source = 'connect-ports 2025-04-09, m365-gcc-high-endpoints 2023-03-01'
        Note = ''
    }
    @{
        Id = 'r-mhug5lnw2e'
        What = 'loginex.microsoftonline.com:443'
        How = 'tls'
        Hosts = @('loginex.microsoftonline.com')
        Port = 443
        Path = '/'
        Proxied = $true
        Required = $true
        Source = 'connect-ports 2025-04-09, m365-gcc-high-endpoints 2023-03-01'
        Note = ''
    }
    @{
        Id = 'r-55ablqdlgm'
        What = '*.microsoftonline.com:443'
        How = 'tls'
        Hosts = @('login.microsoftonline.com')
        Port = 443
        Path = '/'
        Proxied = $true
        Required = $true
        Source = 'connect-ports 2025-04-09, connect-instances 2025-04-09'
        Note = 'sample: login.microsoftonline.com, named by m365-gcc-high-endpoints 2023-03-01'
    }
    @{
        Id = 'r-hf7xvopqep'
        What = '*.microsoftonline.us:443'
        How = 'tls'
        Hosts = @('login.microsoftonline.us')
        Port = 443
        Path = '/'
        Proxied = $true
        Required = $true
        Source = 'connect-ports 2025-04-09, connect-instances 2025-04-09'
        Note = 'sample: login.microsoftonline.us, named by ad-fs-mfa-configure 2024-03-13'
    }
    @{
        Id = 'r-wlx6hnhacd'
        What = '*.msauth.net:443'
        How = 'tls'
        Hosts = @('aadcdn.msauth.net')
        Port = 443
        Path = '/'
        Proxied = $true
        Required = $true
        Source = 'connect-ports 2025-04-09, m365-gcc-high-endpoints 2023-03-01'
        Note = 'sample: aadcdn.msauth.net, named by health-agent-install 2026-05-26'
    }
    @{
        Id = 'r-ivhkt3nkmq'
        What = '*.msauthimages.us:443'
        How = 'manual'
        Hosts = @()
        Port = 0
        Path = '/'
        Proxied = $true
        Required = $true
        Source = 'connect-ports 2025-04-09, m365-gcc-high-endpoints 2023-03-01'
        Note = 'a wildcard of which no document names a host'
    }
    @{
        Id = 'r-2t7agsqpza'
        What = 'mscrl.microsoft.com:443'
        How = 'tls'
        Hosts = @('mscrl.microsoft.com')
        Port = 443
        Path = '/'
        Proxied = $true
        Required = $true
        Source = 'connect-ports 2025-04-09, m365-gcc-high-endpoints 2023-03-01'
        Note = ''
    }
    @{
        Id = 'r-dlxizz3xxe'
        What = '*.msftauth.net:443'
        How = 'tls'
        Hosts = @('aadcdn.msftauth.net')
        Port = 443
        Path = '/'
        Proxied = $true
        Required = $true
        Source = 'connect-ports 2025-04-09, m365-gcc-high-endpoints 2023-03-01'
        Note = 'sample: aadcdn.msftauth.net, named by health-agent-install 2026-05-26'
    }
    @{
        Id = 'r-me42c66lzi'
        What = '*.msftauthimages.us:443'
        How = 'tls'
        Hosts = @('aadcdn.msftauthimages.us')
        Port = 443
        Path = '/'
        Proxied = $true
        Required = $true
        Source = 'connect-ports 2025-04-09, m365-gcc-high-endpoints 2023-03-01'
        Note = 'sample: aadcdn.msftauthimages.us, named by cloud-sync-prerequisites 2026-07-27'
    }
    @{
        Id = 'r-3eba5x2wa5'
        What = 'nexus.microsoftonline-p.com:443'
        How = 'tls'
        Hosts = @('nexus.microsoftonline-p.com')
        Port = 443
        Path = '/'
        Proxied = $true
        Required = $true
        Source = 'connect-ports 2025-04-09, m365-gcc-high-endpoints 2023-03-01'
        Note = ''
    }
    @{
        Id = 'r-446r6455tb'
        What = 'secure.aadcdn.microsoftonline-p.com:443'
        How = 'tls'
        Hosts = @('secure.aadcdn.microsoftonline-p.com')
        Port = 443
        Path = '/'
        Proxied = $true
        Required = $true
        Source = 'connect-ports 2025-04-09, m365-gcc-high-endpoints 2023-03-01'
        Note = ''
    }
    @{
        Id = 'r-xv6gg3gqcu'
        What = '*.windows.net:443'
        How = 'tls'
        Hosts = @('enterpriseregistration.windows.net')
        Port = 443
        Path = '/'
        Proxied = $true
        Required = $true
        Source = 'connect-ports 2025-04-09, connect-instances 2025-04-09'
        Note = 'sample: enterpriseregistration.windows.net, named by cloud-sync-prerequisites 2026-07-27'
    }
)

# The innermost message of an error: tasks and method calls wrap it.
function Get-Reason {
    param($Problem)
    $exception = $Problem.Exception
    while ($exception.InnerException) { $exception = $exception.InnerException }
    $exception.Message
}

function Get-Outcome {
    param([string] $Status, [string] $Found)
    @{ Status = $Status; Found = $Found }
}

# A value of the machine's registry in the 64-bit view, or $null. The key is opened for reading.
function Get-RegistryValue {
    param([string] $Key, [string] $Name)
    $hive = [Microsoft.Win32.RegistryKey]::OpenBaseKey([Microsoft.Win32.RegistryHive]::LocalMachine, [Microsoft.Win32.RegistryView]::Registry64)
    try {
        $opened = $hive.OpenSubKey($Key.Substring($Key.IndexOf('\') + 1), $false)
        if ($null -eq $opened) { return $null }
        try { return $opened.GetValue($Name, $null) } finally { $opened.Dispose() }
    } finally { $hive.Dispose() }
}

function Test-WindowsServer {
    param($Check)
    $system = Get-CimInstance -ClassName Win32_OperatingSystem
    $found = "$($system.Caption), build $($system.BuildNumber)"
    $fits = if ($Check.ContainsKey('Builds')) { $Check.Builds -contains "$($system.BuildNumber)" } else { [int] $system.BuildNumber -ge $Check.Minimum }
    # 1 is a workstation (Win32_OperatingSystem.ProductType).
    if ($fits -and $system.ProductType -ne 1) { Get-Outcome 'Passed' $found } else { Get-Outcome 'Failed' $found }
}

function Test-Memory {
    param($Check)
    $modules = @(Get-CimInstance -ClassName Win32_PhysicalMemory | ForEach-Object { $_.Capacity })
    $bytes = 0
    foreach ($module in $modules) { $bytes += $module }
    # Not every virtual machine tells its modules; what Windows can use is a little less than what is there.
    if ($bytes -eq 0) { $bytes = (Get-CimInstance -ClassName Win32_ComputerSystem).TotalPhysicalMemory }
    $there = [math]::Round($bytes / 1048576)
    $needed = $Check.Minimum
    $found = "$there MB, needed $needed MB"
    if ($there -ge $needed) { Get-Outcome 'Passed' $found } else { Get-Outcome 'Failed' $found }
}

function Test-ExecutionPolicy {
    param($Check)
    $policies = @(Get-ExecutionPolicy -List)
    $machine = @($policies | Where-Object { "$($_.Scope)" -eq 'LocalMachine' })[0].ExecutionPolicy
    $group = @($policies | Where-Object { "$($_.Scope)" -eq 'MachinePolicy' })[0].ExecutionPolicy
    # A policy by Group Policy wins over that of the machine (about_Execution_Policies).
    $counts = if ("$group" -ne 'Undefined') { "$group" } else { "$machine" }
    $found = "LocalMachine $machine, MachinePolicy $group"
    if ($Check.Policies -contains $counts) { Get-Outcome 'Passed' $found } else { Get-Outcome 'Failed' $found }
}

# Enabled unless SCHANNEL's client side is switched off: https://learn.microsoft.com/windows-server/security/tls/tls-registry-settings
function Test-TlsVersion {
    param($Check)
    $key = "HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS $($Check.Version)\Client"
    $enabled = Get-RegistryValue $key 'Enabled'
    $default = Get-RegistryValue $key 'DisabledByDefault'
    $found = "client Enabled $(if ($null -eq $enabled) { 'not set' } else { $enabled }), DisabledByDefault $(if ($null -eq $default) { 'not set' } else { $default })"
    if (($null -ne $enabled -and $enabled -eq 0) -or ($null -ne $default -and $default -ne 0)) { Get-Outcome 'Failed' $found } else { Get-Outcome 'Passed' $found }
}

# The policies that the documents point to: 2 denies all (network-security-restrict-ntlm-outgoing-ntlm-traffic-to-remote-servers).
function Test-NtlmPolicy {
    $key = 'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Lsa\MSV1_0'
    $sending = Get-RegistryValue $key 'RestrictSendingNTLMTraffic'
    $receiving = Get-RegistryValue $key 'RestrictReceivingNTLMTraffic'
    $found = "outgoing $(if ($null -eq $sending) { 'not restricted' } else { $sending }), incoming $(if ($null -eq $receiving) { 'not restricted' } else { $receiving }) (2 denies all)"
    if ($sending -eq 2) { Get-Outcome 'Passed' $found } else { Get-Outcome 'Failed' "$found; a restriction in the whole domain is not seen here" }
}

function Test-ServiceState {
    param($Check)
    $service = @(Get-CimInstance -ClassName Win32_Service | Where-Object { $_.Name -eq $Check.Name })
    if ($service.Count -eq 0) { return Get-Outcome 'Failed' 'there is no such service' }
    $found = "$($service[0].State), start mode $($service[0].StartMode)"
    $fits = if ($Check.State -eq 'running') { $service[0].State -eq 'Running' } else { $service[0].StartMode -ne 'Disabled' }
    if ($fits) { Get-Outcome 'Passed' $found } else { Get-Outcome 'Failed' $found }
}

function Test-Check {
    param($Check)
    switch ($Check.Kind) {
        'windows-server' { Test-WindowsServer $Check }
        'server-core' {
            $type = Get-RegistryValue 'HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion' 'InstallationType'
            if ($type -eq 'Server') { Get-Outcome 'Passed' "$type" } else { Get-Outcome 'Failed' "$type" }
        }
        'domain-joined' {
            $computer = Get-CimInstance -ClassName Win32_ComputerSystem
            if ($computer.PartOfDomain) { Get-Outcome 'Passed' "$($computer.Domain)" } else { Get-Outcome 'Failed' "workgroup $($computer.Workgroup)" }
        }
        'no-domain-controller' {
            # 4 and 5 are domain controllers (Win32_ComputerSystem.DomainRole).
            $part = (Get-CimInstance -ClassName Win32_ComputerSystem).DomainRole
            if ($part -ge 4) { Get-Outcome 'Failed' 'a domain controller' } else { Get-Outcome 'Passed' 'no domain controller' }
        }
        'system-language' {
            $tag = [System.Globalization.CultureInfo]::InstalledUICulture.Name
            if ($tag -eq $Check.Tag -or $tag.StartsWith("$($Check.Tag)-", [StringComparison]::OrdinalIgnoreCase)) { Get-Outcome 'Passed' $tag } else { Get-Outcome 'Failed' $tag }
        }
        'memory' { Test-Memory $Check }
        'dotnet-framework' {
            $release = Get-RegistryValue 'HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full' 'Release'
            if ($null -eq $release) { Get-Outcome 'Failed' 'no .NET Framework 4' }
            elseif ($release -ge $Check.Release) { Get-Outcome 'Passed' "release $release" }
            else { Get-Outcome 'Failed' "release $release, needed $($Check.Release)" }
        }
        'execution-policy' { Test-ExecutionPolicy $Check }
        'tls' { Test-TlsVersion $Check }
        'registry' {
            $value = Get-RegistryValue $Check.Key $Check.Name
            if ($null -eq $value) { Get-Outcome 'Failed' 'not set' }
            elseif ($value -isnot [int]) { Get-Outcome 'Failed' 'not a REG_DWORD' }
            elseif (([long] $value -band 4294967295) -eq $Check.Number) { Get-Outcome 'Passed' "$value" }
            else { Get-Outcome 'Failed' "$value" }
        }
        'ntlm' { Test-NtlmPolicy }
        'service' { Test-ServiceState $Check }
        'proxy' {
            if ($script:Ways.Count -eq 0) { Get-Outcome 'NotApplicable' 'no proxy' } else { Get-Outcome 'Manual' 'a proxy is used: look at its settings' }
        }
        default { Get-Outcome 'Manual' $Check.Note }
    }
}

# What WinHTTP has for the machine: four bytes each of size, counter and flags, then proxy and bypass list with their lengths.
function Get-WinHttpProxy {
    $data = Get-RegistryValue 'HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings\Connections' 'WinHttpSettings'
    if ($data -isnot [byte[]] -or $data.Length -lt 16 -or -not ($data[8] -band 2)) { return }
    $length = [BitConverter]::ToInt32($data, 12)
    if ($length -le 0 -or 16 + $length -gt $data.Length) { return }
    $bypass = ''
    $after = 16 + $length
    if ($after + 4 -le $data.Length) {
        $count = [BitConverter]::ToInt32($data, $after)
        if ($count -gt 0 -and $after + 4 + $count -le $data.Length) { $bypass = [System.Text.Encoding]::ASCII.GetString($data, $after + 4, $count) }
    }
    @{ Servers = [System.Text.Encoding]::ASCII.GetString($data, 16, $length); Bypass = @($bypass.Split(' ;'.ToCharArray(), [StringSplitOptions]::RemoveEmptyEntries)) }
}

# The proxy for a host as @{ Name; Port }, or $null for a direct connection.
function Get-WayTo {
    param([string] $Target, [bool] $Secure)
    foreach ($pattern in @($script:Ways.Bypass)) {
        if ($pattern -eq '<local>' -and -not $Target.Contains('.')) { return $null }
        if ($pattern -and $Target -like $pattern) { return $null }
    }
    $servers = "$($script:Ways.Servers)".Split(' ;'.ToCharArray(), [StringSplitOptions]::RemoveEmptyEntries)
    $scheme = if ($Secure) { 'https=' } else { 'http=' }
    $server = @($servers | Where-Object { $_.StartsWith($scheme, [StringComparison]::OrdinalIgnoreCase) } | ForEach-Object { $_.Substring($scheme.Length) }) + @($servers | Where-Object { -not $_.Contains('=') })
    if ($server.Count -eq 0) { return $null }
    $text = $server[0] -replace '^[A-Za-z]+://', ''
    $cut = $text.LastIndexOf(':')
    if ($cut -le 0) { return @{ Name = $text; Port = 80 } }
    @{ Name = $text.Substring(0, $cut).Trim('[]'.ToCharArray()); Port = [int] $text.Substring($cut + 1).TrimEnd('/') }
}

function Get-AddressOf {
    param([string] $Target)
    $literal = $null
    if ([System.Net.IPAddress]::TryParse($Target, [ref] $literal)) { return @($literal) }
    $asked = [System.Net.Dns]::GetHostAddressesAsync($Target)
    if (-not $asked.Wait($Wait)) { throw "no answer from DNS for $Target in $TimeoutSeconds seconds" }
    @($asked.Result)
}

# A connected TcpClient to the first address that answers; at most four are tried.
function Open-Connection {
    param([string] $Target, [int] $Port)
    $problem = "DNS names no address for $Target"
    foreach ($address in @(Get-AddressOf $Target | Select-Object -First 4)) {
        $client = [System.Net.Sockets.TcpClient]::new($address.AddressFamily)
        try {
            if ($client.ConnectAsync($address, $Port).Wait($Wait)) {
                $client.ReceiveTimeout = $Wait
                $client.SendTimeout = $Wait
                return $client
            }
            $problem = "no answer from $address port $Port in $TimeoutSeconds seconds"
        } catch { $problem = "$address port ${Port}: $(Get-Reason $_)" }
        $client.Dispose()
    }
    throw $problem
}

# Sends a request and reads the head of the answer: the bytes up to the first empty line, at most 16 KiB.
function Read-Answer {
    param($Stream, [string] $Request)
    $bytes = [System.Text.Encoding]::ASCII.GetBytes($Request)
    $Stream.Write($bytes, 0, $bytes.Length)
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $head = [System.Text.StringBuilder]::new()
    while ($head.Length -lt 16384) {
        if ($clock.ElapsedMilliseconds -gt $Wait) { throw "no complete answer in $TimeoutSeconds seconds" }
        $byte = $Stream.ReadByte()
        if ($byte -lt 0) { break }
        $null = $head.Append([char] $byte)
        if ($byte -eq 10 -and $head.ToString().EndsWith("`r`n`r`n", [StringComparison]::Ordinal)) { break }
    }
    $text = $head.ToString()
    if ($text -match '^HTTP/[0-9.]+ ([0-9]{3})') {
        return @{ Status = [int] $Matches[1]; Head = $text; Line = $text.Split("`r`n".ToCharArray())[0] -replace '[^ -~]', '?' }
    }
    throw 'the answer is not HTTP'
}

# The header that answers a proxy which asks for HTTP Basic; nothing else is ever sent with a credential.
function Get-ProxyAuthorization {
    param($Answer)
    if (-not $ProxyCredential) { throw 'the proxy asks for authentication (407): give -ProxyCredential if it takes HTTP Basic' }
    if ($Answer.Head -notmatch '(?im)^Proxy-Authenticate:\s*Basic\b') { throw 'the proxy asks for authentication (407) of a kind other than HTTP Basic, which this test cannot give' }
    $plain = $ProxyCredential.GetNetworkCredential()
    $user = if ($plain.Domain) { "$($plain.Domain)\$($plain.UserName)" } else { $plain.UserName }
    "Proxy-Authorization: Basic $([Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes("${user}:$($plain.Password)")))`r`n"
}

# Asks a proxy, once more with a credential where it wants one. The caller closes the client.
function Get-ProxyAnswer {
    param($Way, [string] $Head)
    $client = Open-Connection $Way.Name $Way.Port
    try { $answer = Read-Answer $client.GetStream() "$Head`r`n" } catch { $client.Dispose(); throw }
    if ($answer.Status -ne 407) { return @{ Client = $client; Answer = $answer } }
    $client.Dispose()
    $credential = Get-ProxyAuthorization $answer
    $client = Open-Connection $Way.Name $Way.Port
    try { $answer = Read-Answer $client.GetStream() "$Head$credential`r`n" } catch { $client.Dispose(); throw }
    if ($answer.Status -eq 407) { $client.Dispose(); throw 'the proxy does not take the credential (407)' }
    @{ Client = $client; Answer = $answer }
}

# A connection on which the target itself answers: direct, or through CONNECT.
function Open-Way {
    param($Way, [string] $Target, [int] $Port)
    if ($null -eq $Way) { return Open-Connection $Target $Port }
    $asked = Get-ProxyAnswer $Way "CONNECT ${Target}:$Port HTTP/1.1`r`nHost: ${Target}:$Port`r`n"
    if ($asked.Answer.Status -eq 200) { return $asked.Client }
    $asked.Client.Dispose()
    throw "the proxy refuses CONNECT: $($asked.Answer.Line)"
}

# TLS 1.2 only. Any certificate is taken, so that its issuer can be told; nothing is sent behind the handshake.
function Test-Handshake {
    param($Client, [string] $Target)
    $seen = @{ Problems = $null; Issuer = ''; Root = '' }
    $look = {
        param($origin, $certificate, $chain, $problems)
        $seen.Problems = $problems
        $seen.Issuer = $certificate.Issuer
        if ($chain -and $chain.ChainElements.Count -gt 0) { $seen.Root = $chain.ChainElements[$chain.ChainElements.Count - 1].Certificate.Subject }
        $true
    }.GetNewClosure()
    $secured = [System.Net.Security.SslStream]::new($Client.GetStream(), $false, $look)
    try { $secured.AuthenticateAsClient($Target, $null, [System.Security.Authentication.SslProtocols]::Tls12, $false) } finally { $secured.Dispose() }
    $found = "TLS 1.2; issuer $($seen.Issuer); root $($seen.Root)"
    if ("$($seen.Problems)" -ne 'None') { return Get-Outcome 'Failed' "$found; certificate not trusted: $($seen.Problems)" }
    Get-Outcome 'Passed' $found
}

function Test-HttpAnswer {
    param($Way, [string] $Target, [string] $Path)
    $tail = "Host: $Target`r`nUser-Agent: portbook-preflight`r`nConnection: close`r`n"
    if ($null -eq $Way) {
        $client = Open-Connection $Target 80
        try { $answer = Read-Answer $client.GetStream() "GET $Path HTTP/1.1`r`n$tail`r`n" } finally { $client.Dispose() }
        return Get-Outcome 'Passed' $answer.Line
    }
    $asked = Get-ProxyAnswer $Way "GET http://$Target$Path HTTP/1.1`r`n$tail"
    $asked.Client.Dispose()
    $line = $asked.Answer.Line
    switch ($asked.Answer.Status) {
        403 { return Get-Outcome 'CouldNotTest' "${line}: refused by the proxy or by the host, which the answer does not tell" }
        { @(502, 503, 504) -contains $_ } { return Get-Outcome 'Failed' "${line}: the proxy does not reach the host" }
    }
    Get-Outcome 'Passed' $line
}

function Test-Target {
    param($Test, [string] $Target)
    $way = if ($Test.Proxied) { Get-WayTo $Target ($Test.How -ne 'http') } else { $null }
    $by = if ($null -eq $way) { 'direct' } else { "through $($way.Name):$($way.Port)" }
    try {
        if ($Test.How -eq 'http') { $outcome = Test-HttpAnswer $way $Target $Test.Path }
        else {
            $client = Open-Way $way $Target $Test.Port
            try {
                $outcome = if ($Test.How -eq 'tls') { Test-Handshake $client $Target } else { Get-Outcome 'Passed' 'connected' }
            } finally { $client.Dispose() }
        }
    } catch { $outcome = Get-Outcome 'Failed' (Get-Reason $_) }
    $note = if ($Test.Note) { "; $($Test.Note)" } else { '' }
    Get-Outcome $outcome.Status "${Target} ${by}: $($outcome.Found)$note"
}

function Get-DomainTarget {
    $computer = Get-CimInstance -ClassName Win32_ComputerSystem
    if (-not $computer.PartOfDomain) { throw 'this host is in no domain: give -DomainController' }
    @(Get-AddressOf $computer.Domain | Select-Object -First 8 | ForEach-Object { "$_" })
}

function Get-Result {
    param($Entry, $Outcome)
    $status = $Outcome.Status
    # What is only recommended does not fail a host.
    if ($status -eq 'Failed' -and -not $Entry.Required) { $status = 'Advised' }
    [pscustomobject] @{ Status = $status; Id = $Entry.Id; What = $Entry.What; Found = "$($Outcome.Found)"; Source = $Entry.Source }
}

$script:Ways = if ($NoProxy) { @{} } elseif ($Proxy) { @{ Servers = $Proxy; Bypass = @() } } else {
    $machine = Get-WinHttpProxy
    if ($machine) { $machine } else { @{} }
}

$Results = @(
    foreach ($check in $Checks) {
        try { $outcome = Test-Check $check } catch { $outcome = Get-Outcome 'CouldNotTest' (Get-Reason $_) }
        Get-Result $check $outcome
    }
    foreach ($test in $Endpoints) {
        if ($test.How -eq 'manual') { Get-Result $test (Get-Outcome 'Manual' $test.Note); continue }
        $targets = @($test.Hosts)
        if ($test.How -eq 'domain') {
            try { $targets = @(Get-DomainTarget) } catch { Get-Result $test (Get-Outcome 'CouldNotTest' (Get-Reason $_)); continue }
        }
        foreach ($target in $targets) { Get-Result $test (Test-Target $test $target) }
    }
)

$counts = [ordered] @{}
foreach ($status in 'Passed', 'Failed', 'CouldNotTest', 'Advised', 'Manual', 'NotApplicable') {
    $counts[$status] = @($Results | Where-Object { $_.Status -eq $status }).Count
}
$code = if ($counts.Failed -gt 0) { 1 } elseif ($counts.CouldNotTest -gt 0) { 2 } else { 0 }
if ($Json) {
    [ordered] @{
        Role = 'connect-server'
        Title = 'Microsoft Entra Connect Sync, Azure Government'
        Computer = [Environment]::MachineName
        Proxy = "$($script:Ways.Servers)"
        ExitCode = $code
        Counts = $counts
        Results = $Results
    } | ConvertTo-Json -Depth 4
} else {
    $Results | Format-Table -Property @('Status', 'What', 'Found', 'Source') -AutoSize -Wrap
    $said = @($counts.Keys | Where-Object { $counts[$_] -gt 0 } | ForEach-Object { '{0} {1}' -f $counts[$_], $_ })
    $said -join ', '
}
exit $code
