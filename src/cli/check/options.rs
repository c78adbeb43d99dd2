//! Flags that say how connections are made.

use std::path::PathBuf;

use clap::Args;

/// How connections are made.
#[derive(Debug, Args)]
#[command(next_help_heading = "Network")]
pub(super) struct NetworkArgs {
    /// The HTTP proxy, `http://[USER:PASSWORD@]HOST:PORT`, or `none`; without it `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and
    /// `NO_PROXY`, which keep a password out of the list of processes
    #[arg(long, value_name = "URL|none")]
    pub(super) proxy: Option<String>,
    /// Authorities of your own, as PEM; certificates that they vouch for are reported as inspected
    #[arg(long, value_name = "FILE")]
    pub(super) ca_file: Option<PathBuf>,
    /// Connect to this address in place of what a name resolves to: a published address, or one host behind a load balancer
    #[arg(long, value_name = "HOST[:PORT]=ADDRESS[:PORT]")]
    pub(super) resolve: Vec<String>,
    /// Seconds for each step: look-up, connection, answer of the proxy, handshake, answer
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(super) timeout: u64,
    /// Seconds for everything; what is not done by then is reported as not-finished
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=86400))]
    pub(super) max_time: u64,
    /// Endpoints that are tested at a time
    #[arg(long, value_name = "NUMBER", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(super) jobs: u16,
}

#[cfg(feature = "online")]
mod online {
    use std::time::Duration;

    use portbook::finding::{Finding, Findings};
    use portbook::online::probe::{Bypass, Limits, Mapping, Prober, Proxy, Route, Trust};

    use super::NetworkArgs;

    impl NetworkArgs {
        /// Checks the flags and the variables of the environment; opens no connection.
        ///
        /// # Errors
        /// One finding for each value that does not have its form, or file that cannot be read.
        pub(in crate::cli::check) fn check(&self) -> Result<Prober, Findings> {
            let mut findings = Findings::new();
            let mut keep = |finding: Finding| findings.push(finding);
            let route = self.route().map_err(&mut keep).unwrap_or_default();
            let mut mappings = Vec::new();
            for text in &self.resolve {
                mappings.extend(Mapping::parse(text).map_err(&mut keep));
            }
            let trust = self.trust().map_err(&mut keep).ok();
            let limits = Limits {
                step: Duration::from_secs(self.timeout),
                total: Duration::from_secs(self.max_time),
                jobs: usize::from(self.jobs),
            };
            let user_agent = concat!("Portbook/", env!("CARGO_PKG_VERSION")).to_owned();
            match (trust, findings.is_empty()) {
                (Some(trust), true) => Ok(Prober { limits, route, mappings, trust, user_agent }),
                _ => Err(findings),
            }
        }

        fn trust(&self) -> Result<Trust, Finding> {
            let pem = self.ca_file.as_deref().map(portbook::input::read).transpose()?;
            Trust::new(pem.as_deref())
        }

        fn route(&self) -> Result<Route, Finding> {
            match self.proxy.as_deref() {
                Some("none") => Ok(Route::default()),
                Some(text) => {
                    let proxy = Proxy::parse(text, "--proxy")?;
                    // Whoever names a proxy wants it used, whatever the environment says.
                    Ok(Route { http: Some(proxy.clone()), https: Some(proxy), bypass: Bypass::default() })
                }
                None => Ok(Route {
                    http: of_environment("http_proxy")?,
                    https: of_environment("https_proxy")?,
                    bypass: variable("no_proxy")
                        .map_or_else(Bypass::default, |(_, list)| Bypass::parse(&list)),
                }),
            }
        }
    }

    fn of_environment(name: &str) -> Result<Option<Proxy>, Finding> {
        let found = variable(name).or_else(|| variable("all_proxy"));
        let parsed = found.map(|(name, text)| {
            let proxy = Proxy::parse(&text, &format!("the variable {name}"));
            proxy.map_err(|finding| finding.help("--proxy overrides it, and --proxy none goes straight"))
        });
        parsed.transpose()
    }

    /// A variable in lower case, else in upper case, as curl reads them; with the name that it has. Empty ones do not count.
    fn variable(name: &str) -> Option<(String, String)> {
        let named = |name: String| {
            let value = std::env::var(&name).ok().filter(|value| !value.is_empty());
            value.map(|value| (name, value))
        };
        named(name.to_owned()).or_else(|| named(name.to_uppercase()))
    }
}
