//! Flags that say what is written, and the orders that they make.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use portbook::build::{Asked, Custom, Look, Order, Policy, Product, Subject, heading, produce};
use portbook::finding::{Code, Finding, Findings, unknown};
use portbook::id::StationId;
use portbook::input;
use portbook::place::{Fallback, Placed};
use portbook::resolve::Resolved;
use portbook::target::{
    Acceptance, FamilyChoice, Focus, SettingKind, Settings, TARGETS, TargetSpec, Templates,
};

use super::Failure;
use super::range_files::RangeArgs;

/// What is written.
#[derive(Debug, Args)]
#[command(next_help_heading = "Targets")]
pub(crate) struct TargetArgs {
    /// What to write for; `all` for every target that can hold the selection; `portbook list targets` shows all
    #[arg(long, value_name = "TARGET,...", value_delimiter = ',', required_unless_present = "template")]
    target: Vec<String>,
    /// Write files below this folder, instead of one file to standard output
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
    /// A setting of a target, such as os=2022 or squid.form=standalone; `portbook list targets` shows all
    #[arg(long, value_name = "[TARGET.]KEY=VALUE")]
    option: Vec<String>,
    /// What was generated for this product before, a file or its objects from a manifest, so that it can delete what is gone (palo-alto-set)
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,
    /// Addresses of one family only; names are not limited
    #[arg(long, value_enum, default_value_t = FamilyArg::Both)]
    family: FamilyArg,
    /// Addresses that may stand for names on targets that know only addresses
    #[arg(long, value_enum, value_name = "WHICH")]
    ip_fallback: Option<FallbackArg>,
    #[command(flatten)]
    pub(crate) ranges: RangeArgs,
    /// Losses that are known and wanted
    #[arg(long, value_name = "CODE[@TARGET][@RULE],...", value_delimiter = ',')]
    accept: Vec<String>,
    /// Refuse targets that allow more or less than the rules, too
    #[arg(long)]
    strict: bool,
    /// A template of your own; with --as it sees what that target can say
    #[arg(long, value_name = "FILE", conflicts_with = "target")]
    pub(crate) template: Option<PathBuf>,
    /// The target whose losses and filters the template gets
    #[arg(long, value_name = "TARGET", requires = "template")]
    pub(crate) r#as: Option<String>,
    /// Templates that override the built-in ones, by their names
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
    /// Read every file back before anything is written, and hold it against its rules: exit code 2 if it allows less or more
    #[arg(long, conflicts_with = "template")]
    verify: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FamilyArg {
    #[value(name = "4")]
    V4,
    #[value(name = "6")]
    V6,
    Both,
}

impl FamilyArg {
    pub(crate) fn choice(self) -> FamilyChoice {
        match self {
            Self::V4 => FamilyChoice::V4,
            Self::V6 => FamilyChoice::V6,
            Self::Both => FamilyChoice::Both,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FallbackArg {
    /// What the documents allow instead: the whole range file of the cloud that hosts the name
    Documented,
    /// The service tags that the catalog gives for the name, most of them inferred
    Tag,
}

/// Which addresses may stand for names.
pub(crate) fn fallback(wanted: Option<FallbackArg>) -> Fallback {
    match wanted {
        None => Fallback::None,
        Some(FallbackArg::Documented) => Fallback::Documented,
        Some(FallbackArg::Tag) => Fallback::Tag,
    }
}

/// Everything about the targets that can be wrong without looking at a rule.
pub(crate) struct Job {
    orders: Vec<Order>,
    policy: Policy,
    look: Look,
    /// Whether every target that can hold the selection was asked for: refusals are listed, not failures.
    pub(crate) all: bool,
}

impl Job {
    /// Checks the flags; `roles` narrow host firewalls to their hosts, `findings` are those of the selection, so that all are shown together.
    ///
    /// # Errors
    /// One finding for each name or value that is not known.
    pub(crate) fn check(
        args: &TargetArgs,
        roles: &[String],
        mut findings: Findings,
    ) -> Result<Self, Failure> {
        let all = args.target.iter().any(|target| target == "all");
        let targets = targets(args, &mut findings);
        let mut given = args.option.clone();
        given.extend(args.since.as_ref().map(|path| format!("since={}", path.display())));
        let options = options(&given, &targets, &mut findings);
        let mut orders = Vec::new();
        for target in targets {
            let own = options.iter().filter(|(id, ..)| *id == target.id);
            let own = own.map(|(_, key, value)| (key.clone(), value.clone())).collect();
            match contents(target, own).and_then(|own| Settings::check(target.id, target.settings, &own)) {
                Ok(settings) => orders.push(Order { target, settings, focus: args.focus(roles) }),
                Err(errors) => findings.append(errors),
            }
        }
        let policy = policy(args, &mut findings);
        let look = look(args)?;
        if findings.has_errors() {
            return Err(findings.into());
        }
        Ok(Self { orders, policy, look, all })
    }

    /// Makes the artifacts of every target.
    ///
    /// # Errors
    /// All missing settings and broken templates of all targets.
    pub(crate) fn produce(&self, resolved: &Resolved, placed: &Placed) -> Result<Vec<Product>, Findings> {
        let mut findings = Findings::new();
        let mut products = Vec::new();
        let heading = heading(resolved);
        let subject = Subject { rules: &resolved.rules, heading: &heading, placed };
        for order in &self.orders {
            match produce(&subject, order, &self.policy, &self.look) {
                Ok(product) => products.push(product),
                // Asked for `all`, a target that needs a setting is skipped and says which.
                Err(errors) if self.all && errors.iter().all(|error| error.code == Code::SettingMissing) => {
                    products.push(Product::skipped(order.target, errors));
                }
                Err(errors) => findings.append(errors),
            }
        }
        findings.or_value(products).map(|(products, _)| products)
    }
}

fn targets(args: &TargetArgs, findings: &mut Findings) -> Vec<&'static TargetSpec> {
    let mut targets: Vec<&'static TargetSpec> = Vec::new();
    let wanted = args.r#as.iter().chain(&args.target);
    for id in wanted {
        match (id.as_str(), portbook::target::find(id)) {
            ("all", _) => targets.extend(TARGETS),
            (_, Some(target)) => targets.push(target),
            (_, None) => {
                let known = TARGETS.iter().map(|target| target.id);
                findings.push(unknown(Code::UnknownTarget, "target", id, known, "`portbook list targets`"));
            }
        }
    }
    if args.template.is_some() && args.r#as.is_none() {
        targets.extend(portbook::target::find("json"));
    }
    let mut once: Vec<&'static TargetSpec> = Vec::new();
    for target in targets {
        if !once.iter().any(|known| known.id == target.id) {
            once.push(target);
        }
    }
    once
}

/// (target, key, value) for every target that has the key; one that no selected target has is an error.
fn options(
    given: &[String],
    targets: &[&'static TargetSpec],
    findings: &mut Findings,
) -> Vec<(&'static str, String, String)> {
    let mut options = Vec::new();
    for text in given {
        let Some((key, value)) = text.split_once('=') else {
            let message = format!("`{}` is not of the form [TARGET.]KEY=VALUE", text.escape_debug());
            findings.push(Finding::new(Code::InvalidValue, message));
            continue;
        };
        let (target, key) = match key.split_once('.') {
            Some((target, key)) => (Some(target), key),
            None => (None, key),
        };
        let meant = targets.iter().filter(|spec| target.is_none_or(|target| spec.id == target));
        let having: Vec<_> = meant
            .filter(|spec| target.is_some() || spec.settings.iter().any(|setting| setting.id == key))
            .collect();
        if having.is_empty() {
            findings.push(no_such_setting(target, key, targets));
        }
        options.extend(having.into_iter().map(|spec| (spec.id, key.to_owned(), value.to_owned())));
    }
    options
}

/// Why no selected target takes a setting; `target` is what stands in front of its dot.
fn no_such_setting(target: Option<&str>, key: &str, targets: &[&'static TargetSpec]) -> Finding {
    let listing = "`portbook list targets`";
    let owners: Vec<&str> = match target {
        Some(id) => portbook::target::find(id).into_iter().map(|spec| spec.id).collect(),
        None => TARGETS
            .iter()
            .filter(|spec| spec.settings.iter().any(|setting| setting.id == key))
            .map(|spec| spec.id)
            .collect(),
    };
    match (owners.as_slice(), target) {
        ([], Some(id)) => {
            unknown(Code::UnknownTarget, "target", id, TARGETS.iter().map(|spec| spec.id), listing)
        }
        ([], None) => {
            let known = targets.iter().flat_map(|spec| spec.settings).map(|setting| setting.id);
            unknown(Code::UnknownSetting, "setting of the selected targets", key, known, listing)
        }
        (owners, _) => {
            let message =
                format!("`{key}` is a setting of {}, which --target does not name", owners.join(", "));
            Finding::new(Code::UnknownSetting, message).help("add the target, or remove the setting")
        }
    }
}

/// Settings that name a file get its content.
fn contents(
    target: &TargetSpec,
    mut given: Vec<(String, String)>,
) -> Result<Vec<(String, String)>, Findings> {
    let is_file =
        |key: &str| target.settings.iter().any(|spec| spec.id == key && spec.kind == SettingKind::File);
    for (_, value) in given.iter_mut().filter(|(key, _)| is_file(key)) {
        *value = read_text(Path::new(value.as_str()))?;
    }
    Ok(given)
}

fn policy(args: &TargetArgs, findings: &mut Findings) -> Policy {
    let mut accepted = Vec::new();
    for text in &args.accept {
        match Acceptance::parse(text) {
            Ok(acceptance) => accepted.push(acceptance),
            Err(finding) => findings.push(finding),
        }
    }
    Policy { accepted, strict: args.strict, fallback: args.fallback(), asked: Asked::Flags }
}

fn look(args: &TargetArgs) -> Result<Look, Failure> {
    let templates = match &args.templates {
        Some(folder) => Templates::with_overrides(folder)?,
        None => Templates::embedded(),
    };
    let custom = match &args.template {
        Some(path) => {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let name = name.strip_suffix(".j2").map_or(name.clone(), str::to_owned);
            Some(Custom { name, text: read_text(path)?, checked: args.r#as.is_some() })
        }
        None => None,
    };
    Ok(Look { templates, custom, verify: args.verify })
}

/// A file that a flag names.
///
/// # Errors
/// `cannot-read`.
pub(crate) fn read_text(path: &Path) -> Result<String, Finding> {
    input::read_text(path)
}

impl TargetArgs {
    /// Whether losses refuse a target.
    pub(crate) fn is_strict(&self) -> bool {
        self.strict
    }

    /// Host firewalls of these roles only, all if none is named; addresses of the wanted family.
    fn focus(&self, roles: &[String]) -> Focus {
        let stations = roles.iter().filter_map(|role| StationId::parse(role).ok()).collect();
        Focus { stations, family: self.family.choice(), crossing: None }
    }

    /// Which addresses may stand for names, as the flags say.
    pub(crate) fn fallback(&self) -> Fallback {
        fallback(self.ip_fallback)
    }
}
