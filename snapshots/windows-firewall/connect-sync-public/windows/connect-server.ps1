# Portbook: Microsoft Entra Connect Sync, Azure public cloud
# documents: connect-connectivity-troubleshooting 2025-04-09, connect-ports 2025-04-09, m365-worldwide-endpoints 2022-07-29 ; rule set gfv75ahayl
# 97 rules: 8 exact, 89 wider. Enforces if the profile's DefaultOutboundAction is Block (outbound rules) or DefaultInboundAction is Block (inbound rules).
# keyword-by-address: 89 rules allow more: the name is matched by the addresses that it resolved to
# For connect-server (connect-server): 105 firewall rules.

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

$Group = 'Portbook/default/connect-server'
$Prefix = 'portbook-default-connect-server-'

$Keywords = @(
    @{ Id = '{9c740c17-dee9-8469-aec1-3e04ae1c4e77}'; Keyword = '*.auth.microsoft.com' }
    @{ Id = '{aab78ca0-8dfc-8d9b-af06-cae1f9057fed}'; Keyword = '*.crl.microsoft.com' }
    @{ Id = '{70512701-87ec-854a-a58c-8e01f086121d}'; Keyword = '*.crl3.digicert.com' }
    @{ Id = '{4f3cc3c2-4fa5-83df-ac53-e7d9a6eaa38a}'; Keyword = '*.crl4.digicert.com' }
    @{ Id = '{a8babea0-654b-8ea0-8507-5325b7fb9697}'; Keyword = '*.digicert.cn' }
    @{ Id = '{edf96c67-7500-82c1-9dc9-e9e709064cdc}'; Keyword = '*.entrust.net' }
    @{ Id = '{0b495f6f-62f7-8724-a999-63d2330482da}'; Keyword = '*.graph.windows.net' }
    @{ Id = '{db3b64c2-44d8-8254-a93f-3415f7c020f6}'; Keyword = '*.hip.live.com' }
    @{ Id = '{44605e76-5adc-8d1b-b89a-fd086da6044e}'; Keyword = '*.management.core.windows.net' }
    @{ Id = '{10f32a32-8459-865a-abdd-987091c95f3b}'; Keyword = '*.microsoftonline-p.com' }
    @{ Id = '{adb194e9-3675-858d-88d3-d0896eecc05e}'; Keyword = '*.microsoftonline.com' }
    @{ Id = '{04629516-2fea-8c39-948d-70a06bf33092}'; Keyword = '*.msauth.net' }
    @{ Id = '{ca11e86c-c11b-8457-b600-c337af2df9a4}'; Keyword = '*.msauthimages.net' }
    @{ Id = '{b9f67a07-f234-8e57-8ae5-40d5b9451883}'; Keyword = '*.msecnd.net' }
    @{ Id = '{43684123-b746-8700-be8a-f1960cb46964}'; Keyword = '*.msftauth.net' }
    @{ Id = '{b9d75850-de4f-8c39-8842-14c22cc73c81}'; Keyword = '*.msftauthimages.net' }
    @{ Id = '{5d751917-2be2-8418-959c-159cb9ca4af5}'; Keyword = '*.msftidentity.com' }
    @{ Id = '{e53e457d-6387-8ade-81fd-bb2fb9ca7260}'; Keyword = '*.msidentity.com' }
    @{ Id = '{d107afbe-7ff5-8542-b79c-17333f6ac02b}'; Keyword = '*.ocsp.digicert.com' }
    @{ Id = '{37895d4f-b993-815e-8af5-5d47edeb019b}'; Keyword = '*.ocsp.msocsp.com' }
    @{ Id = '{c829bbfe-df1d-8fb0-a459-0ff3fb1d41c6}'; Keyword = '*.oneocsp.microsoft.com' }
    @{ Id = '{0ee49d0a-6dc2-835c-86f1-4fa76908b5c6}'; Keyword = '*.phonefactor.net' }
    @{ Id = '{b6964659-aeed-8947-94f6-02cf0e880aca}'; Keyword = '*.root-c3-ca2-2009.ocsp.d-trust.net' }
    @{ Id = '{bdc8962c-29fb-8b2c-a5f3-45526127d4e4}'; Keyword = '*.verisign.com' }
    @{ Id = '{d13b3133-ff4d-8c3e-b528-cacceb44dd48}'; Keyword = '*.www.d-trust.net' }
    @{ Id = '{71af2b78-a163-8b3e-a401-9fedddd33957}'; Keyword = 'account.activedirectory.windowsazure.com' }
    @{ Id = '{3efe17e5-5f26-8f6f-865f-8ccb1633e81f}'; Keyword = 'accounts.accesscontrol.windows.net' }
    @{ Id = '{d7af81bf-be97-82ee-b52f-3e935a3a1269}'; Keyword = 'adminwebservice.microsoftonline.com' }
    @{ Id = '{5c7b554d-43e8-83b9-9e9c-9d087f686a46}'; Keyword = 'api.passwordreset.microsoftonline.com' }
    @{ Id = '{767a328e-1935-8870-a495-c587754dec29}'; Keyword = 'autologon.microsoftazuread-sso.com' }
    @{ Id = '{aaaff01d-9dc3-8d1d-aaf7-3bc1c355c1e8}'; Keyword = 'becws.microsoftonline.com' }
    @{ Id = '{1ef8dae6-d4b4-85f0-9462-a1f2c09cec1e}'; Keyword = 'ccs.login.microsoftonline.com' }
    @{ Id = '{7d8ce8b1-0dd3-8169-917a-a82c094804d6}'; Keyword = 'clientconfig.microsoftonline-p.net' }
    @{ Id = '{5da1968b-a784-8036-a4f1-49de3b88184e}'; Keyword = 'companymanager.microsoftonline.com' }
    @{ Id = '{2aaf2977-5a45-857e-bd9f-684e5e92f977}'; Keyword = 'crl.microsoft.com' }
    @{ Id = '{bf5ac785-cc15-8f95-b7f6-c68e0ccaabce}'; Keyword = 'crl3.digicert.com' }
    @{ Id = '{178c5340-e92c-8f7e-a460-de1d946fd4c5}'; Keyword = 'crl4.digicert.com' }
    @{ Id = '{50c4b848-f1a7-8d08-84d8-3c880ae84a37}'; Keyword = 'device.login.microsoftonline.com' }
    @{ Id = '{2ebb6754-adf0-876a-9989-922fdc77ce3f}'; Keyword = 'enterpriseregistration.windows.net' }
    @{ Id = '{a17ba893-1a95-82fe-9b74-01eefe75edaa}'; Keyword = 'graph.microsoft.com' }
    @{ Id = '{ff102bfe-a24e-8ce4-9830-2301ac73bc14}'; Keyword = 'graph.windows.net' }
    @{ Id = '{36a26bc7-e227-8294-8a50-a01d8d2dff96}'; Keyword = 'login-us.microsoftonline.com' }
    @{ Id = '{aa2404c5-1e59-8173-a2c0-48ec4813178d}'; Keyword = 'login.microsoft.com' }
    @{ Id = '{e89dd70b-39cd-8844-87b9-d6538c15f25b}'; Keyword = 'login.microsoftonline-p.com' }
    @{ Id = '{7bbfdbe9-6010-84b5-861a-304ee7a7f899}'; Keyword = 'login.microsoftonline.com' }
    @{ Id = '{94af5395-50b9-8380-bc5c-dd438b80de24}'; Keyword = 'login.windows.net' }
    @{ Id = '{8ab28977-b139-8360-8fd9-7a439c5f666a}'; Keyword = 'logincert.microsoftonline.com' }
    @{ Id = '{4c9b0caf-10ed-8ab8-b819-0b25d416e0d9}'; Keyword = 'loginex.microsoftonline.com' }
    @{ Id = '{52dbd8a6-4bd1-88e0-aeca-8f0549cc9af2}'; Keyword = 'management.azure.com' }
    @{ Id = '{8ce3a711-b96d-819b-8085-c5d80fe547ce}'; Keyword = 'mscrl.microsoft.com' }
    @{ Id = '{e8e43701-4310-87b5-8920-bd08cafd3d60}'; Keyword = 'nexus.microsoftonline-p.com' }
    @{ Id = '{371e09f0-d6fe-8dd2-86fa-83d2dd489934}'; Keyword = 'ocsp.digicert.com' }
    @{ Id = '{784f762a-a166-8596-a335-de79f9932443}'; Keyword = 'ocsp.msocsp.com' }
    @{ Id = '{31ac6556-72d8-8536-9983-ec8cfbeb213e}'; Keyword = 'oneocsp.microsoft.com' }
    @{ Id = '{5af3b9af-40de-8413-89e4-b5949d1eb68d}'; Keyword = 'passwordreset.microsoftonline.com' }
    @{ Id = '{d90b96f7-6527-8e60-adf4-c28c5374d0b4}'; Keyword = 'policykeyservice.dc.ad.msft.net' }
    @{ Id = '{4dc48713-f8c5-82e5-8507-58e44b1ee475}'; Keyword = 'provisioningapi.microsoftonline.com' }
    @{ Id = '{be0333a3-0608-8f47-b5a6-75cb441a58d4}'; Keyword = 'root-c3-ca2-2009.ocsp.d-trust.net' }
    @{ Id = '{12c298e6-47e3-827a-9c33-e1ac79c05902}'; Keyword = 'secure.aadcdn.microsoftonline-p.com' }
    @{ Id = '{8e4c0ea7-8612-845b-a5ab-d2979e69f0be}'; Keyword = 'www.d-trust.net' }
)

# The parameters of New-NetFirewallRule.
$Rules = @(
    @{
        Name = 'portbook-default-connect-server-r-g5nebkf3eo-out'
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
        Name = 'portbook-default-connect-server-r-g5nebkf3eo-out-v6'
        DisplayName = 'Portbook r-g5nebkf3eo: connect-server to domain-controller, TCP 53'
        Description = 'DNS lookups on the destination forest'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '53'
        RemoteAddress = @(
            '2001:db8:10::/64'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-jk53ujj4wi-out'
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
        Name = 'portbook-default-connect-server-r-jk53ujj4wi-out-v6'
        DisplayName = 'Portbook r-jk53ujj4wi: connect-server to domain-controller, TCP 88'
        Description = 'Kerberos authentication to the forest'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '88'
        RemoteAddress = @(
            '2001:db8:10::/64'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-5v75i2sxg4-out'
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
        Name = 'portbook-default-connect-server-r-5v75i2sxg4-out-v6'
        DisplayName = 'Portbook r-5v75i2sxg4: connect-server to domain-controller, TCP 135'
        Description = 'RPC endpoint mapper, when the wizard binds to the forest, and password synchronization'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '135'
        RemoteAddress = @(
            '2001:db8:10::/64'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-4hwm6s4oun-out'
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
        Name = 'portbook-default-connect-server-r-4hwm6s4oun-out-v6'
        DisplayName = 'Portbook r-4hwm6s4oun: connect-server to domain-controller, TCP 389'
        Description = 'data import, encrypted with Kerberos sign and seal'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '389'
        RemoteAddress = @(
            '2001:db8:10::/64'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-62jx6cnr3t-out'
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
        Name = 'portbook-default-connect-server-r-62jx6cnr3t-out-v6'
        DisplayName = 'Portbook r-62jx6cnr3t: connect-server to domain-controller, TCP 49152-65535'
        Description = 'random high RPC port, when the wizard binds to the forest, and password synchronization'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '49152-65535'
        RemoteAddress = @(
            '2001:db8:10::/64'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-yq65vyii5d-out'
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
        Name = 'portbook-default-connect-server-r-yq65vyii5d-out-v6'
        DisplayName = 'Portbook r-yq65vyii5d: connect-server to domain-controller, UDP 53'
        Description = 'DNS lookups on the destination forest'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        RemotePort = '53'
        RemoteAddress = @(
            '2001:db8:10::/64'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-c5d7p4hbs4-out'
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
        Name = 'portbook-default-connect-server-r-c5d7p4hbs4-out-v6'
        DisplayName = 'Portbook r-c5d7p4hbs4: connect-server to domain-controller, UDP 88'
        Description = 'Kerberos authentication to the forest'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        RemotePort = '88'
        RemoteAddress = @(
            '2001:db8:10::/64'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-vib5hkqmoy-out'
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
        Name = 'portbook-default-connect-server-r-vib5hkqmoy-out-v6'
        DisplayName = 'Portbook r-vib5hkqmoy: connect-server to domain-controller, UDP 389'
        Description = 'data import, encrypted with Kerberos sign and seal'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'UDP'
        RemotePort = '389'
        RemoteAddress = @(
            '2001:db8:10::/64'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-7su4u2js3y-out-keyword-71af2b78'
        DisplayName = 'Portbook r-7su4u2js3y: connect-server to account.activedirectory.windowsazure.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{71af2b78-a163-8b3e-a401-9fedddd33957}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-rgs4wr7obq-out-keyword-71af2b78'
        DisplayName = 'Portbook r-rgs4wr7obq: connect-server to account.activedirectory.windowsazure.com, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{71af2b78-a163-8b3e-a401-9fedddd33957}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-lxk6n6hnj7-out-keyword-3efe17e5'
        DisplayName = 'Portbook r-lxk6n6hnj7: connect-server to accounts.accesscontrol.windows.net, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{3efe17e5-5f26-8f6f-865f-8ccb1633e81f}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-6tw4d7bxwz-out-keyword-3efe17e5'
        DisplayName = 'Portbook r-6tw4d7bxwz: connect-server to accounts.accesscontrol.windows.net, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{3efe17e5-5f26-8f6f-865f-8ccb1633e81f}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-cylre7wekt-out-keyword-d7af81bf'
        DisplayName = 'Portbook r-cylre7wekt: connect-server to adminwebservice.microsoftonline.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{d7af81bf-be97-82ee-b52f-3e935a3a1269}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-cavcai4nnq-out-keyword-d7af81bf'
        DisplayName = 'Portbook r-cavcai4nnq: connect-server to adminwebservice.microsoftonline.com, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{d7af81bf-be97-82ee-b52f-3e935a3a1269}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-5iwc7lnlg4-out-keyword-5c7b554d'
        DisplayName = 'Portbook r-5iwc7lnlg4: connect-server to api.passwordreset.microsoftonline.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{5c7b554d-43e8-83b9-9e9c-9d087f686a46}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-txtmyillvh-out-keyword-5c7b554d'
        DisplayName = 'Portbook r-txtmyillvh: connect-server to api.passwordreset.microsoftonline.com, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{5c7b554d-43e8-83b9-9e9c-9d087f686a46}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-ypwxwdtnth-out-keyword-9c740c17'
        DisplayName = 'Portbook r-ypwxwdtnth: connect-server to *.auth.microsoft.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{9c740c17-dee9-8469-aec1-3e04ae1c4e77}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-st4el3qqkn-out-keyword-9c740c17'
        DisplayName = 'Portbook r-st4el3qqkn: connect-server to *.auth.microsoft.com, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{9c740c17-dee9-8469-aec1-3e04ae1c4e77}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-2seuuesd37-out-keyword-767a328e'
        DisplayName = 'Portbook r-2seuuesd37: connect-server to autologon.microsoftazuread-sso.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{767a328e-1935-8870-a495-c587754dec29}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-iiyfhlalwa-out-keyword-767a328e'
        DisplayName = 'Portbook r-iiyfhlalwa: connect-server to autologon.microsoftazuread-sso.com, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{767a328e-1935-8870-a495-c587754dec29}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-skatuxcyb4-out-keyword-aaaff01d'
        DisplayName = 'Portbook r-skatuxcyb4: connect-server to becws.microsoftonline.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{aaaff01d-9dc3-8d1d-aaf7-3bc1c355c1e8}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-h6b7vkufey-out-keyword-aaaff01d'
        DisplayName = 'Portbook r-h6b7vkufey: connect-server to becws.microsoftonline.com, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{aaaff01d-9dc3-8d1d-aaf7-3bc1c355c1e8}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-4ztje3qnnw-out-keyword-1ef8dae6'
        DisplayName = 'Portbook r-4ztje3qnnw: connect-server to ccs.login.microsoftonline.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{1ef8dae6-d4b4-85f0-9462-a1f2c09cec1e}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-oqycm5bbla-out-keyword-1ef8dae6'
        DisplayName = 'Portbook r-oqycm5bbla: connect-server to ccs.login.microsoftonline.com, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{1ef8dae6-d4b4-85f0-9462-a1f2c09cec1e}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-zkxrshlwwy-out-keyword-7d8ce8b1'
        DisplayName = 'Portbook r-zkxrshlwwy: connect-server to clientconfig.microsoftonline-p.net, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{7d8ce8b1-0dd3-8169-917a-a82c094804d6}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-wtgm6fjzai-out-keyword-7d8ce8b1'
        DisplayName = 'Portbook r-wtgm6fjzai: connect-server to clientconfig.microsoftonline-p.net, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{7d8ce8b1-0dd3-8169-917a-a82c094804d6}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-7ocp67zy7i-out-keyword-5da1968b'
        DisplayName = 'Portbook r-7ocp67zy7i: connect-server to companymanager.microsoftonline.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{5da1968b-a784-8036-a4f1-49de3b88184e}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-ekx5xzuj7z-out-keyword-5da1968b'
        DisplayName = 'Portbook r-ekx5xzuj7z: connect-server to companymanager.microsoftonline.com, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{5da1968b-a784-8036-a4f1-49de3b88184e}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-6hzd5zigkb-out-keyword-aab78ca0'
        DisplayName = 'Portbook r-6hzd5zigkb: connect-server to [*.]crl.microsoft.com, TCP 80'
        Description = 'certificate revocation lists; certificate verification'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{aab78ca0-8dfc-8d9b-af06-cae1f9057fed}'
            '{2aaf2977-5a45-857e-bd9f-684e5e92f977}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-fetpocdexg-out-keyword-70512701'
        DisplayName = 'Portbook r-fetpocdexg: connect-server to [*.]crl3.digicert.com, TCP 80'
        Description = 'certificate revocation lists; certificate verification'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{70512701-87ec-854a-a58c-8e01f086121d}'
            '{bf5ac785-cc15-8f95-b7f6-c68e0ccaabce}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-k4gojdrqj5-out-keyword-4f3cc3c2'
        DisplayName = 'Portbook r-k4gojdrqj5: connect-server to [*.]crl4.digicert.com, TCP 80'
        Description = 'certificate revocation lists; certificate verification'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{4f3cc3c2-4fa5-83df-ac53-e7d9a6eaa38a}'
            '{178c5340-e92c-8f7e-a460-de1d946fd4c5}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-ojhuyddglx-out-keyword-50c4b848'
        DisplayName = 'Portbook r-ojhuyddglx: connect-server to device.login.microsoftonline.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{50c4b848-f1a7-8d08-84d8-3c880ae84a37}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-2bi5tsl73k-out-keyword-50c4b848'
        DisplayName = 'Portbook r-2bi5tsl73k: connect-server to device.login.microsoftonline.com, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{50c4b848-f1a7-8d08-84d8-3c880ae84a37}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-d5iidaydtr-out-keyword-a8babea0'
        DisplayName = 'Portbook r-d5iidaydtr: connect-server to *.digicert.cn, TCP 80'
        Description = 'certificate revocation lists; certificate verification'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{a8babea0-654b-8ea0-8507-5325b7fb9697}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-37rt5cgtpe-out-keyword-2ebb6754'
        DisplayName = 'Portbook r-37rt5cgtpe: connect-server to enterpriseregistration.windows.net, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, without published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{2ebb6754-adf0-876a-9989-922fdc77ce3f}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-ynelogiwjs-out-keyword-2ebb6754'
        DisplayName = 'Portbook r-ynelogiwjs: connect-server to enterpriseregistration.windows.net, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, without published addresses'
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
        Name = 'portbook-default-connect-server-r-j7lgwli2bd-out-keyword-edf96c67'
        DisplayName = 'Portbook r-j7lgwli2bd: connect-server to *.entrust.net, TCP 80'
        Description = 'certificate revocation lists; certificate revocation lists; entrust.net for multifactor authentication'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{edf96c67-7500-82c1-9dc9-e9e709064cdc}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-t667pevjkw-out-keyword-a17ba893'
        DisplayName = 'Portbook r-t667pevjkw: connect-server to graph.microsoft.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{a17ba893-1a95-82fe-9b74-01eefe75edaa}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-esttvvf3g6-out-keyword-a17ba893'
        DisplayName = 'Portbook r-esttvvf3g6: connect-server to graph.microsoft.com, TCP 443'
        Description = 'synchronization with Entra ID; Microsoft Graph; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{a17ba893-1a95-82fe-9b74-01eefe75edaa}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-vbwikv4bue-out-keyword-ff102bfe'
        DisplayName = 'Portbook r-vbwikv4bue: connect-server to graph.windows.net, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{ff102bfe-a24e-8ce4-9830-2301ac73bc14}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-hojqefw6fh-out-keyword-ff102bfe'
        DisplayName = 'Portbook r-hojqefw6fh: connect-server to graph.windows.net, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{ff102bfe-a24e-8ce4-9830-2301ac73bc14}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-yo4j5biaua-out-keyword-0b495f6f'
        DisplayName = 'Portbook r-yo4j5biaua: connect-server to *.graph.windows.net, TCP 443'
        Description = 'synchronization with Entra ID; various Azure services (Azure Storage, Azure AD Graph)'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{0b495f6f-62f7-8724-a999-63d2330482da}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-niyaaagpxo-out-keyword-db3b64c2'
        DisplayName = 'Portbook r-niyaaagpxo: connect-server to *.hip.live.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, without published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{db3b64c2-44d8-8254-a93f-3415f7c020f6}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-v77xdhy7de-out-keyword-db3b64c2'
        DisplayName = 'Portbook r-v77xdhy7de: connect-server to *.hip.live.com, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, without published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{db3b64c2-44d8-8254-a93f-3415f7c020f6}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-2q7shjj7go-out-keyword-36a26bc7'
        DisplayName = 'Portbook r-2q7shjj7go: connect-server to login-us.microsoftonline.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{36a26bc7-e227-8294-8a50-a01d8d2dff96}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-lrpxf5ffbi-out-keyword-36a26bc7'
        DisplayName = 'Portbook r-lrpxf5ffbi: connect-server to login-us.microsoftonline.com, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{36a26bc7-e227-8294-8a50-a01d8d2dff96}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-lurtqtlfxe-out-keyword-aa2404c5'
        DisplayName = 'Portbook r-lurtqtlfxe: connect-server to login.microsoft.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{aa2404c5-1e59-8173-a2c0-48ec4813178d}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-een5bege75-out-keyword-aa2404c5'
        DisplayName = 'Portbook r-een5bege75: connect-server to login.microsoft.com, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{aa2404c5-1e59-8173-a2c0-48ec4813178d}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-nyyxuiqowr-out-keyword-e89dd70b'
        DisplayName = 'Portbook r-nyyxuiqowr: connect-server to login.microsoftonline-p.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{e89dd70b-39cd-8844-87b9-d6538c15f25b}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-r5e4v65gti-out-keyword-e89dd70b'
        DisplayName = 'Portbook r-r5e4v65gti: connect-server to login.microsoftonline-p.com, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{e89dd70b-39cd-8844-87b9-d6538c15f25b}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-6lz4kjjnuz-out-keyword-7bbfdbe9'
        DisplayName = 'Portbook r-6lz4kjjnuz: connect-server to login.microsoftonline.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{7bbfdbe9-6010-84b5-861a-304ee7a7f899}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-dym2iyzdvq-out-keyword-7bbfdbe9'
        DisplayName = 'Portbook r-dym2iyzdvq: connect-server to login.microsoftonline.com, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{7bbfdbe9-6010-84b5-861a-304ee7a7f899}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-h27capppu2-out-keyword-94af5395'
        DisplayName = 'Portbook r-h27capppu2: connect-server to login.windows.net, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{94af5395-50b9-8380-bc5c-dd438b80de24}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-5z4bqwyfwv-out-keyword-94af5395'
        DisplayName = 'Portbook r-5z4bqwyfwv: connect-server to login.windows.net, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{94af5395-50b9-8380-bc5c-dd438b80de24}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-glxhtcqk3k-out-keyword-8ab28977'
        DisplayName = 'Portbook r-glxhtcqk3k: connect-server to logincert.microsoftonline.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{8ab28977-b139-8360-8fd9-7a439c5f666a}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-n2avcfzmvf-out-keyword-8ab28977'
        DisplayName = 'Portbook r-n2avcfzmvf: connect-server to logincert.microsoftonline.com, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{8ab28977-b139-8360-8fd9-7a439c5f666a}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-sqjkodxtwx-out-keyword-4c9b0caf'
        DisplayName = 'Portbook r-sqjkodxtwx: connect-server to loginex.microsoftonline.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{4c9b0caf-10ed-8ab8-b819-0b25d416e0d9}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-mhug5lnw2e-out-keyword-4c9b0caf'
        DisplayName = 'Portbook r-mhug5lnw2e: connect-server to loginex.microsoftonline.com, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{4c9b0caf-10ed-8ab8-b819-0b25d416e0d9}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-wupt6yo3oy-out-keyword-52dbd8a6'
        DisplayName = 'Portbook r-wupt6yo3oy: connect-server to management.azure.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, without published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{52dbd8a6-4bd1-88e0-aeca-8f0549cc9af2}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-icw66heocl-out-keyword-52dbd8a6'
        DisplayName = 'Portbook r-icw66heocl: connect-server to management.azure.com, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, without published addresses'
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
        Name = 'portbook-default-connect-server-r-gsfclmanyx-out-keyword-44605e76'
        DisplayName = 'Portbook r-gsfclmanyx: connect-server to *.management.core.windows.net, TCP 443'
        Description = 'synchronization with Entra ID; various Azure services (Azure Storage, Azure AD Graph)'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{44605e76-5adc-8d1b-b89a-fd086da6044e}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-ifup5qqz3l-out-keyword-10f32a32'
        DisplayName = 'Portbook r-ifup5qqz3l: connect-server to *.microsoftonline-p.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, without published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{10f32a32-8459-865a-abdd-987091c95f3b}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-euf2nej76v-out-keyword-10f32a32'
        DisplayName = 'Portbook r-euf2nej76v: connect-server to *.microsoftonline-p.com, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, without published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{10f32a32-8459-865a-abdd-987091c95f3b}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-2c5n54ov52-out-keyword-adb194e9'
        DisplayName = 'Portbook r-2c5n54ov52: connect-server to *.microsoftonline.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, without published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{adb194e9-3675-858d-88d3-d0896eecc05e}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-55ablqdlgm-out-keyword-adb194e9'
        DisplayName = 'Portbook r-55ablqdlgm: connect-server to *.microsoftonline.com, TCP 443'
        Description = 'synchronization with Entra ID; configuration of the directory, import and export; identity endpoints, without published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{adb194e9-3675-858d-88d3-d0896eecc05e}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-gtmcddyzds-out-keyword-04629516'
        DisplayName = 'Portbook r-gtmcddyzds: connect-server to *.msauth.net, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, without published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{04629516-2fea-8c39-948d-70a06bf33092}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-wlx6hnhacd-out-keyword-04629516'
        DisplayName = 'Portbook r-wlx6hnhacd: connect-server to *.msauth.net, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, without published addresses'
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
        Name = 'portbook-default-connect-server-r-fjrymueb4i-out-keyword-ca11e86c'
        DisplayName = 'Portbook r-fjrymueb4i: connect-server to *.msauthimages.net, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, without published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{ca11e86c-c11b-8457-b600-c337af2df9a4}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-hvowsremnv-out-keyword-ca11e86c'
        DisplayName = 'Portbook r-hvowsremnv: connect-server to *.msauthimages.net, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, without published addresses'
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
        Name = 'portbook-default-connect-server-r-m5l2ubxnqh-out-keyword-8ce3a711'
        DisplayName = 'Portbook r-m5l2ubxnqh: connect-server to mscrl.microsoft.com, TCP 80'
        Description = 'certificate revocation lists; certificate revocation lists; entrust.net for multifactor authentication'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{8ce3a711-b96d-819b-8085-c5d80fe547ce}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-mm3ndaudif-out-keyword-b9f67a07'
        DisplayName = 'Portbook r-mm3ndaudif: connect-server to *.msecnd.net, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, without published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{b9f67a07-f234-8e57-8ae5-40d5b9451883}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-ozxudv6c3b-out-keyword-b9f67a07'
        DisplayName = 'Portbook r-ozxudv6c3b: connect-server to *.msecnd.net, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, without published addresses'
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
        Name = 'portbook-default-connect-server-r-yt7uvpvgjf-out-keyword-43684123'
        DisplayName = 'Portbook r-yt7uvpvgjf: connect-server to *.msftauth.net, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, without published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{43684123-b746-8700-be8a-f1960cb46964}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-dlxizz3xxe-out-keyword-43684123'
        DisplayName = 'Portbook r-dlxizz3xxe: connect-server to *.msftauth.net, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, without published addresses'
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
        Name = 'portbook-default-connect-server-r-ekiuc4bkti-out-keyword-b9d75850'
        DisplayName = 'Portbook r-ekiuc4bkti: connect-server to *.msftauthimages.net, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, without published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{b9d75850-de4f-8c39-8842-14c22cc73c81}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-bzssdehydb-out-keyword-b9d75850'
        DisplayName = 'Portbook r-bzssdehydb: connect-server to *.msftauthimages.net, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, without published addresses'
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
        Name = 'portbook-default-connect-server-r-xkbed6q7ck-out-keyword-5d751917'
        DisplayName = 'Portbook r-xkbed6q7ck: connect-server to *.msftidentity.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{5d751917-2be2-8418-959c-159cb9ca4af5}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-nwrn2oqf24-out-keyword-5d751917'
        DisplayName = 'Portbook r-nwrn2oqf24: connect-server to *.msftidentity.com, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{5d751917-2be2-8418-959c-159cb9ca4af5}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-vcg6yobsfy-out-keyword-e53e457d'
        DisplayName = 'Portbook r-vcg6yobsfy: connect-server to *.msidentity.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{e53e457d-6387-8ade-81fd-bb2fb9ca7260}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-azp4es7n3o-out-keyword-e53e457d'
        DisplayName = 'Portbook r-azp4es7n3o: connect-server to *.msidentity.com, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{e53e457d-6387-8ade-81fd-bb2fb9ca7260}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-g6sx3eikcy-out-keyword-e8e43701'
        DisplayName = 'Portbook r-g6sx3eikcy: connect-server to nexus.microsoftonline-p.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{e8e43701-4310-87b5-8920-bd08cafd3d60}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-3eba5x2wa5-out-keyword-e8e43701'
        DisplayName = 'Portbook r-3eba5x2wa5: connect-server to nexus.microsoftonline-p.com, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{e8e43701-4310-87b5-8920-bd08cafd3d60}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-6owfupukj5-out-keyword-d107afbe'
        DisplayName = 'Portbook r-6owfupukj5: connect-server to [*.]ocsp.digicert.com, TCP 80'
        Description = 'certificate revocation lists; certificate verification'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{d107afbe-7ff5-8542-b79c-17333f6ac02b}'
            '{371e09f0-d6fe-8dd2-86fa-83d2dd489934}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-paze27esbn-out-keyword-37895d4f'
        DisplayName = 'Portbook r-paze27esbn: connect-server to [*.]ocsp.msocsp.com, TCP 80'
        Description = 'certificate revocation lists; certificate verification'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{37895d4f-b993-815e-8af5-5d47edeb019b}'
            '{784f762a-a166-8596-a335-de79f9932443}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-ps6dk27r3j-out-keyword-c829bbfe'
        DisplayName = 'Portbook r-ps6dk27r3j: connect-server to [*.]oneocsp.microsoft.com, TCP 80'
        Description = 'certificate revocation lists; certificate verification'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{c829bbfe-df1d-8fb0-a459-0ff3fb1d41c6}'
            '{31ac6556-72d8-8536-9983-ec8cfbeb213e}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-hdmu67fzcl-out-keyword-5af3b9af'
        DisplayName = 'Portbook r-hdmu67fzcl: connect-server to passwordreset.microsoftonline.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{5af3b9af-40de-8413-89e4-b5949d1eb68d}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-p2msduarib-out-keyword-5af3b9af'
        DisplayName = 'Portbook r-p2msduarib: connect-server to passwordreset.microsoftonline.com, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{5af3b9af-40de-8413-89e4-b5949d1eb68d}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-kt6kasf5qg-out-keyword-0ee49d0a'
        DisplayName = 'Portbook r-kt6kasf5qg: connect-server to *.phonefactor.net, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, without published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{0ee49d0a-6dc2-835c-86f1-4fa76908b5c6}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-tlp3obcyrh-out-keyword-0ee49d0a'
        DisplayName = 'Portbook r-tlp3obcyrh: connect-server to *.phonefactor.net, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, without published addresses'
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
        Name = 'portbook-default-connect-server-r-xahmofw7wd-out-keyword-d90b96f7'
        DisplayName = 'Portbook r-xahmofw7wd: connect-server to policykeyservice.dc.ad.msft.net, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, without published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{d90b96f7-6527-8e60-adf4-c28c5374d0b4}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-opwuwc25od-out-keyword-d90b96f7'
        DisplayName = 'Portbook r-opwuwc25od: connect-server to policykeyservice.dc.ad.msft.net, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, without published addresses'
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
        Name = 'portbook-default-connect-server-r-lb44ufmt7u-out-keyword-4dc48713'
        DisplayName = 'Portbook r-lb44ufmt7u: connect-server to provisioningapi.microsoftonline.com, TCP 80'
        Description = 'certificate revocation lists; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{4dc48713-f8c5-82e5-8507-58e44b1ee475}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-rvhm4rfmr7-out-keyword-4dc48713'
        DisplayName = 'Portbook r-rvhm4rfmr7: connect-server to provisioningapi.microsoftonline.com, TCP 443'
        Description = 'synchronization with Entra ID; identity endpoints, with published addresses'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '443'
        RemoteDynamicKeywordAddresses = @(
            '{4dc48713-f8c5-82e5-8507-58e44b1ee475}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-wqvrogvtna-out-keyword-b6964659'
        DisplayName = 'Portbook r-wqvrogvtna: connect-server to [*.]root-c3-ca2-2009.ocsp.d-trust.net, TCP 80'
        Description = 'certificate revocation lists; certificate verification'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{b6964659-aeed-8947-94f6-02cf0e880aca}'
            '{be0333a3-0608-8f47-b5a6-75cb441a58d4}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-446r6455tb-out-keyword-12c298e6'
        DisplayName = 'Portbook r-446r6455tb: connect-server to secure.aadcdn.microsoftonline-p.com, TCP 443'
        Description = 'synchronization with Entra ID; multifactor authentication'
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
        Name = 'portbook-default-connect-server-r-tl6oai53do-out-keyword-bdc8962c'
        DisplayName = 'Portbook r-tl6oai53do: connect-server to *.verisign.com, TCP 80'
        Description = 'certificate revocation lists; certificate revocation lists; entrust.net for multifactor authentication'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{bdc8962c-29fb-8b2c-a5f3-45526127d4e4}'
        )
    }
    @{
        Name = 'portbook-default-connect-server-r-6w24jxalll-out-keyword-d13b3133'
        DisplayName = 'Portbook r-6w24jxalll: connect-server to [*.]www.d-trust.net, TCP 80'
        Description = 'certificate revocation lists; certificate verification'
        Enabled = 'True'
        Direction = 'Outbound'
        Action = 'Allow'
        Profile = 'Any'
        Protocol = 'TCP'
        RemotePort = '80'
        RemoteDynamicKeywordAddresses = @(
            '{d13b3133-ff4d-8c3e-b528-cacceb44dd48}'
            '{8e4c0ea7-8612-845b-a5ab-d2979e69f0be}'
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
    Station = 'connect-server'
    Group = $Group
    PolicyStore = $PolicyStore
    Created = $done.Created
    Updated = $done.Updated
    Removed = $done.Removed
    KeywordsCreated = $done.KeywordsCreated
    KeywordsRemoved = $done.KeywordsRemoved
    Profiles = @(Get-ProfileState)
}
