//! Flags that say how the network is used.

use std::path::PathBuf;

use clap::Args;

use portbook::finding::Finding;

/// How the network is used.
#[derive(Debug, Args)]
#[command(next_help_heading = "Network")]
pub(super) struct NetworkArgs {
    /// The page that names the file, for a mirror; files may then come from its host too
    #[arg(long, value_name = "URL", conflicts_with = "from")]
    pub(super) page_url: Option<String>,
    /// How the program calls itself: the download site refuses some names
    #[arg(long, value_name = "TEXT", default_value = concat!("Mozilla/5.0 (compatible; Portbook/", env!("CARGO_PKG_VERSION"), ")"))]
    user_agent: String,
    /// A proxy in place of the system's, or `none`; the variable `HTTPS_PROXY` keeps a password out of the list of processes
    #[arg(long, value_name = "URL|none")]
    proxy: Option<String>,
    /// More authorities to trust, as PEM: behind TLS inspection
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Seconds for a connection to come about
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    connect_timeout: u64,
    /// Seconds for an answer, and for each part of it, to come
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..))]
    read_timeout: u64,
    /// Seconds for a whole answer
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(1..))]
    max_time: u64,
    /// How often a request is repeated when the server or the way to it is in trouble
    #[arg(long, value_name = "NUMBER", default_value_t = 3, value_parser = clap::value_parser!(u32).range(..=10))]
    retries: u32,
    /// Bytes that an answer may have
    #[arg(long, value_name = "BYTES", default_value_t = 64 << 20)]
    max_size: u64,
}

/// How the network is used, checked.
pub(super) struct Network {
    /// The page of a mirror.
    pub(super) page_url: Option<String>,
    /// Bytes that a file may have.
    pub(super) max_size: u64,
    #[cfg(feature = "online")]
    pub(super) options: portbook::online::Options,
}

impl NetworkArgs {
    /// Checks the flags; opens no connection.
    ///
    /// # Errors
    /// `cannot-read` for the file of authorities.
    #[cfg(feature = "online")]
    pub(super) fn check(&self) -> Result<Network, Finding> {
        use portbook::online::{Options, ProxyChoice};
        use std::time::Duration;

        let read = |path: &PathBuf| portbook::input::read(path);
        let proxy = match self.proxy.as_deref() {
            None => ProxyChoice::System,
            Some("none") => ProxyChoice::None,
            Some(url) => ProxyChoice::Given(url.to_owned()),
        };
        let options = Options {
            user_agent: self.user_agent.clone(),
            proxy,
            authorities: self.ca_file.as_ref().map(read).transpose()?,
            connect_timeout: Duration::from_secs(self.connect_timeout),
            read_timeout: Duration::from_secs(self.read_timeout),
            total_timeout: Duration::from_secs(self.max_time),
            retries: self.retries,
            backoff: Duration::from_millis(500),
        };
        Ok(Network { page_url: self.page_url.clone(), max_size: self.max_size, options })
    }

    /// Without the network there is nothing to check.
    #[cfg(not(feature = "online"))]
    #[expect(clippy::unnecessary_wraps, reason = "with the network it can fail")]
    pub(super) fn check(&self) -> Result<Network, Finding> {
        Ok(Network { page_url: self.page_url.clone(), max_size: self.max_size })
    }
}
