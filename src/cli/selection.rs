//! Flags that select needs from the catalog; `generate`, `show` and others share them.

use clap::Args;

use portbook::catalog::Catalog;
use portbook::finding::Findings;
use portbook::plan::quoted;
use portbook::resolve::{Places, Request, Selection};

/// What is selected.
#[derive(Debug, Args)]
#[command(next_help_heading = "Selection")]
pub(crate) struct SelectionArgs {
    /// What is deployed, such as cloud-sync; `portbook list scenarios` shows all
    #[arg(required = true, value_name = "SCENARIO")]
    pub(crate) scenarios: Vec<String>,
    /// The cloud: public, us-government, china
    #[arg(long, value_name = "CLOUD")]
    cloud: String,
    #[command(flatten)]
    pub(crate) narrowing: NarrowingArgs,
}

/// What of the documents counts; for commands that name scenarios and cloud in their own way.
#[derive(Debug, Args)]
#[command(next_help_heading = "Selection")]
pub(crate) struct NarrowingArgs {
    /// The documents as they were at this date: the newest edition of each that is not after it
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<String>,
    /// Exactly this edition of a document
    #[arg(long, value_name = "DOCUMENT@EDITION")]
    edition: Vec<String>,
    /// Also documents that describe the scenario too: all living ones of Microsoft, or one by name
    #[arg(long, value_name = "DOCUMENT", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    also: Vec<String>,
    /// Also what is offered but not required
    #[arg(long)]
    optional: bool,
    /// This condition holds
    #[arg(long, value_name = "CONDITION", value_delimiter = ',')]
    when: Vec<String>,
    /// This condition does not hold
    #[arg(long, value_name = "CONDITION", value_delimiter = ',')]
    unless: Vec<String>,
    /// Take this one of documented alternatives
    #[arg(long, value_name = "GROUP=OPTION")]
    choose: Vec<String>,
    /// A value that only you know, such as federation-service-name=sts.contoso.com
    #[arg(long, value_name = "PARAMETER=VALUE")]
    set: Vec<String>,
    /// Only what these phases need: installation, registration, configuration, operation
    #[arg(long, value_name = "PHASE", value_delimiter = ',')]
    phase: Vec<String>,
    /// Only flows of these roles
    #[arg(long, value_name = "ROLE", value_delimiter = ',')]
    pub(crate) role: Vec<String>,
    /// Also what no document states but the role cannot do without, marked as Portbook's reading
    #[arg(long)]
    gaps: bool,
    /// Host names exactly as documented, with their typos
    #[arg(long)]
    verbatim: bool,
}

impl NarrowingArgs {
    /// The values that `--set` gives, as they were given.
    pub(crate) fn parameters(&self) -> Vec<(String, String)> {
        let pairs = self.set.iter().filter_map(|text| text.split_once('='));
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// What a site file says in `select` for the other flags.
    pub(crate) fn select(&self) -> Vec<(&'static str, String)> {
        let list = |texts: &[String]| {
            let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
            (!texts.is_empty()).then(|| format!("[{}]", texts.join(", ")))
        };
        let yes = |flag: bool| flag.then(|| "true".to_owned());
        let also: Vec<String> = self
            .also
            .iter()
            .map(|name| if name.is_empty() { "all".to_owned() } else { name.clone() })
            .collect();
        let choose = self.choose.iter().filter_map(|text| text.split_once('='));
        let choose: Vec<String> =
            choose.map(|(group, option)| format!("{group}: {}", quoted(option))).collect();
        let keys = [
            ("as-of", self.as_of.as_ref().map(|date| quoted(date))),
            ("editions", list(&self.edition)),
            ("also", list(&also)),
            ("optional", yes(self.optional)),
            ("when", list(&self.when)),
            ("unless", list(&self.unless)),
            ("choose", (!choose.is_empty()).then(|| format!("{{{}}}", choose.join(", ")))),
            ("phases", list(&self.phase)),
            ("roles", list(&self.role)),
            ("gaps", yes(self.gaps)),
            ("verbatim", yes(self.verbatim)),
        ];
        keys.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
    }

    /// What the flags ask for of these scenarios.
    pub(crate) fn request(&self, scenarios: &[String], cloud: &str, proxy: bool) -> Request {
        let (also_all, also) = self.also.iter().partition::<Vec<&String>, _>(|name| name.is_empty());
        Request {
            scenarios: scenarios.to_vec(),
            cloud: cloud.to_owned(),
            as_of: self.as_of.clone(),
            editions: self.edition.clone(),
            also: also.into_iter().cloned().collect(),
            also_all: !also_all.is_empty(),
            optional: self.optional,
            when: self.when.clone(),
            unless: self.unless.clone(),
            choose: self.choose.clone(),
            set: self.set.clone(),
            phases: self.phase.clone(),
            roles: self.role.clone(),
            gaps: self.gaps,
            verbatim: self.verbatim,
            proxy,
            places: Places::default(),
        }
    }
}

impl SelectionArgs {
    /// The values that `--set` gives, as they were given.
    pub(crate) fn parameters(&self) -> Vec<(String, String)> {
        self.narrowing.parameters()
    }

    /// What a site file says in `select` for the flags other than scenarios and cloud.
    pub(crate) fn select(&self) -> Vec<(&'static str, String)> {
        self.narrowing.select()
    }

    /// Checks the flags against the catalog.
    ///
    /// # Errors
    /// One finding for each name that is not known.
    pub(crate) fn check(&self, catalog: &Catalog, proxy: bool) -> Result<Selection, Findings> {
        Selection::check(&self.narrowing.request(&self.scenarios, &self.cloud, proxy), catalog)
    }
}
