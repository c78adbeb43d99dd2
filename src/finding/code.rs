//! The one table of finding codes: `portbook explain CODE`, docs/findings.md and every message come from it.

use super::Severity;

/// What a code means and what to do about it.
#[derive(Debug)]
pub struct CodeSpec {
    /// The kebab-case id that users see, accept and search for.
    pub id: &'static str,
    /// The weight a finding of this code usually has.
    pub severity: Severity,
    /// One line.
    pub summary: &'static str,
    /// Why it exists and what it means for the network, with its source where there is one.
    pub explanation: &'static str,
    /// What to do.
    pub next: &'static str,
}

macro_rules! codes {
    ($($name:ident $id:literal $severity:ident $summary:literal, $explanation:literal, $next:literal;)*) => {
        /// The stable code of a finding.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $summary] $name,)*
        }

        /// Every code, in the order of the documentation.
        pub const CODES: &[(Code, CodeSpec)] = &[
            $((Code::$name, CodeSpec {
                id: $id,
                severity: Severity::$severity,
                summary: $summary,
                explanation: $explanation,
                next: $next,
            }),)*
        ];

        impl Code {
            /// Its meaning.
            pub fn spec(self) -> &'static CodeSpec {
                match self {
                    $(Self::$name => {
                        const SPEC: CodeSpec = CodeSpec {
                            id: $id,
                            severity: Severity::$severity,
                            summary: $summary,
                            explanation: $explanation,
                            next: $next,
                        };
                        &SPEC
                    })*
                }
            }
        }
    };
}

impl Code {
    /// The kebab-case id.
    pub fn id(self) -> &'static str {
        self.spec().id
    }

    /// The code with this id.
    pub fn find(id: &str) -> Option<Self> {
        CODES.iter().find(|(_, spec)| spec.id == id).map(|(code, _)| *code)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.id())
    }
}

impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

codes! {
    // What was asked for.
    UnknownScenario "unknown-scenario" Error "the scenario is not in the catalog",
        "A scenario is what a team deploys, such as cloud-sync.", "`portbook list scenarios` shows all of them.";
    UnknownDocument "unknown-document" Error "the document is not in the catalog",
        "A document is one page of documentation, named by a short id.", "`portbook list documents` shows all of them.";
    UnknownEdition "unknown-edition" Error "the document has no such edition",
        "An edition is one dated text of a document; a second text of one date ends in .2.", "`portbook list editions` shows all of them.";
    UnknownCloud "unknown-cloud" Error "the cloud is not in the catalog",
        "Clouds are public, us-government, china and germany (closed).", "`portbook list clouds` shows all of them.";
    UnknownRole "unknown-role" Error "the role is not in the catalog",
        "A role is an actor, such as provisioning-agent.", "`portbook list roles` shows all of them.";
    UnknownCondition "unknown-condition" Error "the condition is not in the catalog",
        "A condition is a fact about a site that decides whether a requirement holds.", "`portbook list conditions` shows all of them.";
    UnknownChoice "unknown-choice" Error "there is no such group of alternatives, or no such option in it",
        "Where a document offers alternatives, one of them is chosen.", "`portbook list conditions` shows the groups and their options.";
    UnknownParameter "unknown-parameter" Error "no document asks for this parameter",
        "A parameter is a value that only the customer knows, such as the name of the federation service.", "`portbook list conditions` shows the parameters.";
    UnknownPhase "unknown-phase" Error "there is no such phase",
        "Phases are installation, registration, configuration and operation.", "Use one of these.";
    UnknownTarget "unknown-target" Error "there is no such target",
        "A target is an output format.", "`portbook list targets` shows all of them.";
    UnknownSetting "unknown-setting" Error "the target has no such setting",
        "Each target lists its settings.", "`portbook list targets` shows them, docs/targets explains them.";
    UnknownFinding "unknown-finding" Error "there is no such finding code",
        "Codes are stable, so that acceptances stay valid.", "`portbook list findings` shows all of them.";
    InvalidValue "invalid-value" Error "a value does not have the form that its flag or setting takes",
        "Values are checked once, where they come in.", "The message names the form.";
    SettingMissing "setting-missing" Error "a setting without a safe default was not given",
        "Where either value could open or break something, Portbook does not guess.", "Give the setting; the message names its values.";
    ChoiceNeeded "choice-needed" Error "the documents offer alternatives and none is the default",
        "Opening all alternatives would open too much.", "Choose one with --choose GROUP=OPTION.";
    ParameterNeeded "parameter-needed" Error "a documented destination contains a name or port that only you know",
        "The document has a placeholder there, such as the name of your federation service.", "Give it with --set PARAMETER=VALUE.";
    UnsupportedInCloud "unsupported-in-cloud" Error "the scenario is not available in this cloud",
        "A document says so, or no document describes the scenario for this cloud.", "The message cites it.";
    RetiredCloud "retired-cloud" Error "the cloud has been closed",
        "Microsoft Cloud Germany closed on 29 October 2021; its entries are kept for history only.", "Use `portbook show --all` to look at them.";
    NoEdition "no-edition" Error "no document of the scenario had an edition at that date",
        "An edition counts from its own date on.", "Use a later --as-of; `portbook list editions` shows the dates.";
    NothingSelected "nothing-selected" Error "the selection leaves no rule",
        "An empty artifact would look like a finished one.", "Widen the selection; the message names what was left out.";
    SeveralArtifacts "several-artifacts" Error "more than one file results, and standard output holds one",
        "A target may write one file for each host.", "Give a folder with -o DIR, or narrow the selection with --role.";

    // What the selection means.
    ConditionAssumed "condition-assumed" Warning "a rule is emitted on an assumption about your site",
        "The condition has a default with a reason; the rule is only needed where it holds.", "Remove it with --unless CONDITION, or confirm with --when CONDITION.";
    DocumentedElsewhere "documented-elsewhere" Warning "another living document of the scenario states needs that the selected ones lack",
        "Microsoft's pages about one product do not always agree.", "Add that document with --also, or compare with `portbook show`.";
    UndocumentedNeed "undocumented-need" Note "the role cannot work without something that no document of the scenario states",
        "Name resolution, authentication against domain controllers and time are rarely listed.", "Add these rules with --gaps; they are marked as Portbook's reading.";
    DoubtfulHost "doubtful-host" Warning "a host is emitted as documented although other documents contradict it",
        "The text looks like a slip that no other document confirms.", "Check the host before the change; the message names what other documents give.";
    CorrectedHost "corrected-host" Warning "a typo of the document was corrected",
        "The corrected name is confirmed by another edition or document; the typo is never opened.", "--verbatim emits the text as it stands.";
    UnconfirmedHost "unconfirmed-host" Warning "a host that looks misspelt is left out",
        "No other edition and no document of Microsoft has the form that it seems to mean, and a guess is never opened.", "--verbatim emits the text as it stands.";
    DestinationUnstated "destination-unstated" Warning "a document names a port without a host and nothing else tells the host",
        "No rule can be made: a port without its host would be open to everyone.", "Look at the requirement with `portbook show`; open it by hand if you need it.";
    PrerequisitesUnread "prerequisites-unread" Warning "what an edition asks of hosts is not known, or only in part",
        "Prerequisites are read from each edition by itself and never carried over to another; what was not read is unknown, not absent.", "Read the page; or take an edition that was read with --edition DOCUMENT@EDITION.";
    ListPartlyTaken "list-partly-taken" Note "a document refers to the list of another one, and not all of it can be meant",
        "A list brings in names, service tags and Azure ranges on the ports that are asked for. Roles belong to the deployment that the other document describes, and a port that only you know may be any.", "Look at the other document with `portbook show`; select its scenario if you deploy it too.";
    TransportUnstated "transport-unstated" Error "a document names a port without TCP or UDP and the catalog has no reading",
        "A rule without transport would open both.", "Add `interpreted: {transport: ...}` to the requirement.";
    RoleAbsent "role-absent" Note "no rule of the selection has this role",
        "An address or zone was given for a role that the selection does not use.", "Remove it, or select the scenario that uses the role.";

    // Catalog files.
    YamlSyntax "yaml-syntax" Error "the file is not YAML of the expected shape",
        "The first error of each file is shown.", "The place tells where reading stopped.";
    UnknownKey "unknown-key" Error "the key is not part of the format",
        "Unknown keys are errors, so that a typo cannot drop a fact.", "docs/catalog.md lists the keys.";
    DuplicateKey "duplicate-key" Error "a key is given twice",
        "Many YAML readers keep the last one silently and lose the first.", "Keep one; split the requirement in two if the hosts differ.";
    DuplicateId "duplicate-id" Error "an id stands for two things",
        "Ids are unique in their file, and scenarios and documents share one namespace.", "Rename one of them.";
    UnknownReference "unknown-reference" Error "an id is used that nothing defines",
        "References are checked when the catalog is loaded.", "Define it, or correct the id.";
    InvalidId "invalid-id" Error "an id is not kebab-case",
        "Ids end up in file names and object names.", "Use lower-case letters, digits, dots and hyphens.";
    InvalidEnd "invalid-end" Error "an end of a flow names none or several of role, host, url, template, service-tag, cloud-ranges, outside, list and unstated",
        "An end is exactly one of these.", "Keep one.";
    InvalidHost "invalid-host" Error "a host text is neither a name nor a documented pattern",
        "Names are lower-case ASCII; `*` is only allowed as the whole left-most label.", "The message names the character or label.";
    InvalidPort "invalid-port" Error "a port is not in 1 to 65535, or a range is reversed",
        "Ports are written 443/tcp, 53/tcp+udp or 49152-65535/tcp.", "The message names the text.";
    InvalidPrefix "invalid-prefix" Error "a text is not a CIDR block",
        "Addresses are written as CIDR blocks, such as 10.10.0.0/28, or as a bare address.", "The message names the text.";
    HostBitsSet "host-bits-set" Error "an address with a prefix length is not the network address",
        "10.10.0.5/28 could mean the host or the network; some programs silently take the network.", "Write the network, or the host with /32 or /128.";
    InvalidExpression "invalid-expression" Error "a condition expression cannot be read",
        "Expressions are a condition, phase:NAME, any(...), all(...) or not(...).", "The message tells where reading stopped.";
    InvalidDate "invalid-date" Error "a text is not an edition date",
        "Editions are YYYY-MM-DD, with .2 for a second text of that date.", "Correct the date or the file name.";
    ReadingMissing "reading-missing" Error "a documented host has no reading in hosts.yaml where one is needed",
        "A wildcard needs a decision about its apex: *.x never matches x.", "Add an entry with `apex` to hosts.yaml.";
    EmptyList "empty-list" Error "a list that must hold something is empty",
        "An empty list of hosts, ports or addresses means `any` to some products.", "Remove the entry or fill it.";
    Uncited "uncited" Error "an edition has no source text",
        "Every line that Portbook emits can be traced to a dated document.", "Add `source.texts`.";
    NonCanonicalOrder "non-canonical-order" Warning "a list or file is not in its canonical order",
        "One order for all files keeps their differences small.", "`portbook validate --fix DIR` puts lists in order, with their comments; the message gives the order, and says where that has to be done by hand.";
    NonCanonicalForm "non-canonical-form" Note "a catalog file has blanks at the ends of lines, foreign line ends, or no newline at its end",
        "One form for all files keeps their differences small.", "`portbook validate --fix DIR` mends it, and changes nothing that the files say.";
    EditionOutOfOrder "edition-out-of-order" Error "the name of an edition is not the date that its text carries",
        "Editions count from their dates on: one that stands under another date would be selected when its words were not those of the page.", "Name the file by the date that the text itself carries, with .2 for a second text of that date.";
    IdRenamed "id-renamed" Warning "a requirement seems to have been renamed between two editions",
        "Ids are carried over from edition to edition, so that a change can be followed.", "Use the id of the older edition.";
    IdReused "id-reused" Warning "a requirement id stands for another need than in the edition before",
        "Ids are never reused: a diff would call two needs one.", "Give the new need an id of its own.";
    OverlappingPatterns "overlapping-patterns" Note "a host pattern of a requirement is covered by another one of it",
        "It may be what the document says; the narrower pattern opens nothing more.", "Check the document.";
    SharedSuffixWildcard "shared-suffix-wildcard" Note "a wildcard stands on a suffix under which others can create names",
        "Whoever can create a name there can be reached through the rule.", "Check whether the document offers a narrower name.";
    ReadingUnused "reading-unused" Warning "hosts.yaml reads a host that no document names",
        "A reading without a document is a leftover, or the document writes the host otherwise.", "Remove the entry, or correct its host.";
    DocumentNotListed "document-not-listed" Warning "a requirement names a scenario that does not list its document",
        "Rules of a scenario are made from the documents that scenarios.yaml lists for it.", "Add the document to the scenario, or drop the scenario from the requirement.";
    ListLoop "list-loop" Error "delegated lists refer to each other in a circle",
        "A list that refers to itself has no content.", "Remove one of the references.";

    // Sites and flags.
    EmptyAddresses "empty-addresses" Error "no address is given where some are needed",
        "An empty address list means `any address` to several products.", "Give at least one address.";
    InvalidName "invalid-name" Error "a name holds characters that some product would take as syntax",
        "Names end up in scripts, configuration files and XML.", "Use letters, digits, dots, hyphens and underscores.";

    // Range files.
    RangesUnreadable "ranges-unreadable" Error "the file is not a range file, or not one that can be used here",
        "Range files are the weekly JSON with changeNumber, cloud and values, answers of the Discovery API, the old XML of regions and plain lists of prefixes; rules and locks take service tags only.", "Download the file again; Microsoft's page sometimes answers with HTML.";
    RangesWrongCloud "ranges-wrong-cloud" Error "no range file of the needed cloud was given, or one of another cloud",
        "Each cloud has a file of its own; the file names its cloud.", "Give the file of the cloud that the message names.";
    RangesIncomplete "ranges-incomplete" Error "the file is one page of an answer that has more",
        "The Discovery API answers in pages; a rule made from one of them would lack addresses.", "Follow its nextLink and join the pages, or take the weekly file.";
    DuplicateServiceTag "duplicate-service-tag" Error "a service tag stands in the file twice",
        "Which of the two lists was meant cannot be told.", "Download the file again.";
    UnknownServiceTag "unknown-service-tag" Error "the range file has no such service tag",
        "Tags appear and vanish; a name may differ in one letter.", "Check the tag and the date of the file.";
    EmptyServiceTag "empty-service-tag" Error "the service tag has no address",
        "Tags without prefixes were published until August 2020, and tags with IPv6 only still are: they are legal, but an empty list means `any address` to several products.", "Use another tag, or the names; `portbook ranges show TAG` prints what it has.";
    SeveralRangeFiles "several-range-files" Error "more than one range file is at hand where one is needed",
        "A tag of the same name stands for other addresses in each cloud; joining them would open more than was asked for.", "Choose one with --cloud or --ranges.";
    NoRangeFile "no-range-file" Error "no range file is at hand",
        "Range files are given by name or taken from the folder that `portbook fetch` fills.", "Fetch one with `portbook fetch --cloud CLOUD`, or give --ranges FILE.";
    RangesStale "ranges-stale" Warning "a range file is older than a week",
        "Microsoft publishes the files weekly and may use new addresses a week after; the date is the one in the name, and a file appears one to four days after it.", "Run `portbook fetch`.";

    // The folder of range files, and fetching.
    RangesNotLocked "ranges-not-locked" Error "a range file is not the one that the lock names",
        "The lock holds the digest of the file that was checked; this one was changed since.", "Run `portbook fetch`, or give the file with --ranges.";
    LockUnreadable "lock-unreadable" Error "the lock is none that Portbook wrote",
        "portbook.lock names the range file of each cloud with its digest.", "Restore it from version control, or remove it and run `portbook fetch`.";
    LockNewerFormat "lock-newer-format" Error "the lock has another format than this program knows",
        "A newer format may hold what this program would overlook.", "Use the version of Portbook that wrote it, or a newer one.";
    RangesOlder "ranges-older" Error "the new range file is older than the kept one",
        "A server may answer with a file of another week; older files lack addresses that are in use. The kept file stays.", "Fetch again later, or --accept-older.";
    RangesShrunk "ranges-shrunk" Error "the new range file lacks more than the bound of what the kept one has",
        "A cut or wrong file looks like this, and so does the retirement of regions (Azure Government, May 2026). The kept file stays.", "Look at it with `portbook ranges diff`; then --accept-shrink or --max-loss PERCENT.";
    RangesGrown "ranges-grown" Error "the new range file has much more address space than the kept one",
        "Azure grows by about one percent a month; a file that opens far more at once is more likely wrong. The kept file stays.", "Look at it with `portbook ranges diff`; then --accept-growth.";
    RangesImplausible "ranges-implausible" Error "the range file holds addresses that no published one has",
        "Private, loopback, link-local and multicast space, or all addresses at once, is never Azure's: rules made from it would open what nobody meant.", "Download the file again.";
    RangesAhead "ranges-ahead" Error "the range file is dated in the future",
        "It would count as the newest until that day, and real files would be refused as older. The kept file stays.", "Look at its name; a file at hand can be renamed and given with --from.";
    LinkMissing "link-missing" Error "the download page names no file of the cloud",
        "The page may be an error page, or its markup may have changed.", "Open the page in a browser and give the saved file with --from, or its address.";
    FetchElsewhere "fetch-elsewhere" Error "a link or a redirection leads to another host, or to an unprotected address",
        "Range files decide what a firewall opens: they are taken over HTTPS from Microsoft's download host or the host that was named, and from nowhere else.", "Download the file by hand and give it with --from, or name a mirror with --page-url or --from.";
    FetchFailed "fetch-failed" Error "the file could not be fetched",
        "The message tells at which step: the name, the connection, the proxy, TLS, or the answer. The kept file stays.", "Behind a proxy give --proxy, behind TLS inspection --ca-file; a saved file goes with --from.";
    FetchTooLarge "fetch-too-large" Error "an answer is larger than the cap",
        "The files are about 4 MB; an endless answer must not fill memory or disk. The kept file stays.", "Look at what the address serves; --max-size raises the cap.";

    // Reachability.
    CheckImpossible "check-impossible" Error "nothing of the selection can be tested from here",
        "A check that tests nothing would look like one that found nothing wrong: this program or this system cannot test, or nothing is left that could be tested.", "The message names the reason; `portbook prerequisites --format powershell` writes a test for the role's host.";

    // Rule files.
    RulesUnreadable "rules-unreadable" Error "the file is not a rule file, or not one that Portbook wrote",
        "Rule files are read strictly: an unknown key, a rule whose id is not that of its flow or a set that is missing would make two files look alike that are not.", "Generate the file again with --target json; docs/targets/json.md has the format.";
    RulesNewerFormat "rules-newer-format" Error "the rule file has a newer format than this program knows",
        "A newer format may hold what this program would overlook.", "Use the version of Portbook that wrote it, or a newer one.";

    // Fidelity: a target says more, less or nothing. Codes of losses.
    SourceNotGiven "source-not-given" Error "the target needs the addresses of a role and none were given",
        "A rule without source would allow everyone.", "Give --address ROLE=CIDR,...";
    DestinationNotGiven "destination-not-given" Error "the target needs the addresses of a destination role and none were given",
        "A rule without destination would allow everything.", "Give --address ROLE=CIDR,...";
    NameNeedsAddress "name-needs-address" Error "the target holds addresses only and the rule names a host",
        "No service tag is documented for most of these hosts, and names of CRL, OCSP and CDN hosts have no published addresses.", "Use a target that matches names, or --ip-fallback with the range files that `portbook fetch` brings.";
    AnyAzureCustomer "any-azure-customer" Error "the documented fallback opens the addresses of every Azure customer",
        "The documents allow `the Azure datacenter IP ranges` instead of names: the whole range file, 48 million addresses.", "Prefer a target that matches names; else --accept any-azure-customer.";
    TagInsteadOfName "tag-instead-of-name" Warning "a service tag stands for a name",
        "A tag holds the addresses of a service, not of a name: other names of that service pass too, and some addresses of the name may be missing.", "Prefer a target that matches names.";
    RangesNeeded "ranges-needed" Error "the rule needs a range file and none of its cloud was given",
        "Service tags and the Azure datacenter ranges are published weekly.", "--ranges FILE names the file of that cloud; `portbook fetch --cloud CLOUD` brings and keeps it.";
    PathDropped "path-dropped" Warning "the target cannot hold a URL path, so the whole host is allowed",
        "Paths of https URLs are invisible to a proxy and to a firewall.", "Accept it, or inspect the traffic by other means.";
    KeywordByAddress "keyword-by-address" Warning "the name is matched by the addresses that it resolved to",
        "Windows watches DNS answers and opens their addresses: other names at the same addresses pass too, the first connection may be blocked, and whether *.x covers x is not documented.", "Needs Defender Antivirus with network protection on the host; see docs/targets/windows-firewall.md.";
    FqdnByAddress "fqdn-by-address" Warning "the name is matched by the addresses that the firewall resolved",
        "An FQDN object holds a limited number of resolved addresses; other names at the same addresses pass too.", "Prefer a category where the traffic is HTTP or TLS.";
    HandshakeBeforeName "handshake-before-name" Warning "the firewall lets a TCP handshake pass before it knows the name",
        "The first look-up knows addresses and ports only; the category is matched once the server name is seen (Palo Alto KB kA10g000000POF8CAO).", "Known and usually accepted; nothing to do.";
    NameAsStated "name-as-stated" Warning "the name is the one that the client states in front of what it asks for",
        "The proxy reads the server name of a TLS handshake or the Host of a request, and connects to the addresses of that name itself. What is asked for inside TLS it does not see: where servers of several names share addresses, a client can state one and ask for another (domain fronting).", "Known and usually accepted; nothing to do.";
    CategoryNeedsHttp "category-needs-http" Error "the name can only be matched for HTTP and TLS, and this port carries neither",
        "AMQP and other protocols show no URL, so a category never matches them.", "Use addresses: --ip-fallback documented or tag, with the range files that `portbook fetch` brings.";
    PortByRule "port-by-rule" Warning "the list holds no ports; the rule that uses it must",
        "An external list names hosts or addresses only.", "Bind the list to the service that its file name and header give.";
    SourceByRule "source-by-rule" Warning "the list holds no sources; the rule that uses it must",
        "An external list names destinations only.", "Limit the rule that uses the list to the addresses of the role.";
    SourcePortsDropped "source-ports-dropped" Warning "the target cannot hold source ports",
        "The rule allows any source port.", "Accept it, or restrict the rule by hand.";
    NotThroughProxy "not-through-proxy" Note "the flow does not pass a proxy",
        "Only HTTP and HTTPS to a name can pass a proxy.", "Use a firewall target for it.";
    OtherHost "other-host" Note "the flow does not touch this host",
        "A host firewall sees the flows of its own host only.", "Nothing to do.";
    OtherZones "other-zones" Note "the flow does not cross this firewall",
        "A network firewall sees the flows between the zones that it separates.", "Nothing to do.";
    LocalFlow "local-flow" Note "the flow stays on its host",
        "Loopback traffic crosses no firewall.", "Nothing to do.";
    NoV6Source "no-v6-source" Note "addresses of a family are left out because the other side has none of it",
        "A host cannot reach addresses of a family that it does not have; mostly IPv6 destinations of a source without IPv6.", "Give an address of that family to the side that lacks it.";
    FamilyLeftOut "family-left-out" Note "addresses of one family are left out as asked",
        "--family limits the rules to one address family.", "Use --family both.";
    IdentityRestricted "identity-restricted" Warning "the rule is limited to a program, service or account",
        "Documents name programs and accounts that differ by version; installers, updaters and browsers run under others.", "Leave the setting `restrict` at none unless you know the installed version.";
    AuthenticatingProxy "authenticating-proxy" Warning "the role cannot authenticate to a proxy",
        "The documents say that this role needs anonymous access to the proxy.", "Allow the role before authentication.";

    // Sites.
    SiteTooLarge "site-too-large" Error "a site has more connections than can be written",
        "Every host of a site is paired with every other that it talks to; thousands of entries make millions of pairs.", "Write equal hosts as one entry with many addresses.";
    UnknownHost "unknown-host" Error "a site file names a host that it does not have",
        "Hosts are the entries under `hosts` of the same site.", "Correct the name, or add the host.";
    UnknownSite "unknown-site" Error "the file has no site of this name",
        "A site file holds one site, or several under `sites`.", "The message shows the names that are there.";
    UnknownZone "unknown-zone" Error "no host stands in this zone",
        "A zone is known by the hosts in it; what is no host of the site stands in the zone that `outside` names.", "Correct the name, or give the zone to a host.";
    ZoneMissing "zone-missing" Error "a host has no zone, and a target stands between zones",
        "Without its zone nobody can tell whether the host's connections cross that firewall: they would be missing there.", "Give the host a `zone`.";
    OutputTwice "output-twice" Error "two targets write the same file",
        "One of them would be lost.", "Give each target an `output` of its own.";
    OutputOutside "output-outside" Error "an output lies outside the folder of the site file",
        "A site file that somebody else wrote could replace any file of yours.", "Use a path below the folder, or build with --allow-outside.";
    OneOutput "one-output" Error "a target makes several files, and its output names one",
        "A file name takes one file, or files that differ in their ending only.", "Give a folder: an `output` that ends in /.";
    RoleWithoutHost "role-without-host" Warning "rules need a role that no host of the site plays",
        "Their connections can be placed nowhere: firewalls of hosts and between zones do not see them, other targets may refuse them.", "Give the role to a host, or leave it out with `roles`.";
    FewAgents "few-agents" Warning "fewer provisioning agents than the documents advise",
        "The documents advise three active agents for high availability (cloud-sync-prerequisites).", "Add addresses of further agents, or leave it so.";
    RolesApart "roles-apart" Warning "one host has roles that the documents want apart",
        "A document says that the software of these roles must not be installed on one server.", "Split the entry into two hosts.";
    IdleHost "idle-host" Warning "no rule uses this host",
        "None of its roles appears in the selected scenarios and clouds.", "Correct its roles, add the scenario, or remove the host.";
    HostsOverlap "hosts-overlap" Warning "two hosts of a site have addresses in common",
        "Devices that match addresses cannot tell the two apart: what one may, the other may too.", "Give each its own addresses, or make them one host with all the roles.";
    IdleAcceptance "idle-acceptance" Warning "an acceptance that nothing needs",
        "The loss that it accepts does not occur any more; left standing, it would hide a new one.", "Remove it.";
    ExpiredAcceptance "expired-acceptance" Warning "an acceptance has expired",
        "Its date has passed, so the loss counts as before.", "Review the loss; then renew the date or remove the acceptance.";
    ExpectationFailed "expectation-failed" Error "an expectation of the site does not hold",
        "`portbook test` judges each expectation on the rules and on what each target really says.", "The message names the rule or the target that decides.";

    // Audits.
    RequirementBlocked "requirement-blocked" Error "a configuration stops something that a document requires",
        "The first clause that matches decides, as on the device. A requirement of which a part is stopped counts as stopped.", "`portbook audit` names the clause; `portbook generate` writes what is missing.";
    RequirementUndecided "requirement-undecided" Warning "nobody can tell whether a configuration lets a requirement pass",
        "A clause in front of the one that decides cannot be judged, or addresses or zones were not given.", "The message says which; give --address, --zone or the missing file.";
    AllowedBeyond "allowed-beyond" Warning "a configuration allows more than the documents ask for to the same hosts",
        "Other ports, other sources, a wildcard that holds more names, or its apex.", "Narrow the clause that the message names, or keep it for a reason of your own.";
    NotJudged "not-judged" Note "a configuration has something that is not judged",
        "Times, users, regular expressions, applications and the like are named, never guessed.", "Look at it by hand.";
    ConfigurationUnreadable "configuration-unreadable" Error "a file is no configuration of this target",
        "It is cut off, compressed, of another product, or larger than 64 MiB.", "Check the file and the target; docs/audit.md says what each reader takes.";
    ArtifactMismatch "artifact-mismatch" Error "a file does not say what its rules say",
        "`portbook build --verify` reads each file back before it is written. A template of your own, most likely, leaves something out or adds something.", "Mend the template; nothing was written.";

    // Builds.
    ArtifactEdited "artifact-edited" Error "a file was changed by hand since it was built",
        "Its content is neither that of the last build nor that of an interrupted one.", "Take the change into the site file, then build with --force to replace the file.";
    SiteLeft "site-left" Warning "a folder holds files of a site that the site file does not have any more",
        "A build removes files of the sites that it builds only.", "Remove the folder, or take the site back into the file.";
    ManifestUnreadable "manifest-unreadable" Error "a manifest does not have its form",
        "portbook.manifest.json is written by `portbook build` and states what was built.", "Restore it from version control, or remove it and build with --force.";
    ManifestNewer "manifest-newer" Error "a manifest was written by a newer version of the program",
        "Its format has a higher number than this program reads.", "Update the program.";
    RevisionUnreadable "revision-unreadable" Error "a file cannot be read from the repository",
        "git:REVISION:PATH is read by `git show`, from the folder where the program runs.", "The message gives git's reason; a shallow clone may lack the revision.";

    // Writing.
    CannotRead "cannot-read" Error "a file cannot be read",
        "The operating system refused.", "The message gives its reason.";
    CannotWrite "cannot-write" Error "a file or folder cannot be written",
        "The operating system refused; the old files are as they were.", "The message gives its reason.";
    ArtifactTooLarge "artifact-too-large" Error "a file is larger than the product reads",
        "Products cut off or refuse files beyond a size, and then do something else than the file says.", "Make one file for each role or site; the message names the limit.";
    TemplateFailed "template-failed" Error "a template cannot be rendered",
        "Templates may only print values that passed a filter of their target.", "The message names the line.";
    UncheckedTemplate "unchecked-template" Warning "a template of your own was used without --as, so nobody checked what it says",
        "With --as TARGET it sees only what that target can hold, with the losses stated.", "Use --as TARGET.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_kebab_case_and_complete() {
        let mut seen = std::collections::BTreeSet::new();
        for (code, spec) in CODES {
            assert!(seen.insert(spec.id), "{} twice", spec.id);
            assert!(crate::id::check(spec.id).is_ok(), "{}", spec.id);
            assert_eq!(Code::find(spec.id), Some(*code));
            assert!(
                spec.explanation.ends_with('.') && spec.next.ends_with('.') || spec.next.ends_with("...")
            );
        }
    }
}
