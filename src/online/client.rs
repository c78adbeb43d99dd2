//! One GET, bounded in every way.

use std::fmt;
use std::io::Read as _;
use std::thread;
use std::time::{Duration, Instant};

use reqwest::blocking::{self, Response};
use reqwest::header::{
    ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
};
use reqwest::{Certificate, Proxy, redirect};

use crate::finding::{Code, Finding};

use super::address::{Allowed, WebAddress};
use super::failure::{self, Failure};

/// How requests are made.
#[derive(Debug, Clone)]
pub struct Options {
    /// How the program calls itself; the download site refuses some names.
    pub user_agent: String,
    /// Through which proxy.
    pub proxy: ProxyChoice,
    /// More authorities to trust, as PEM, beside those of the system.
    pub authorities: Option<Vec<u8>>,
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long an answer, and each part of it, may take to come.
    pub read_timeout: Duration,
    /// How long a whole answer may take.
    pub total_timeout: Duration,
    /// How often a request is repeated that failed for a reason that may pass.
    pub retries: u32,
    /// How long to wait before the first repetition; twice as long before each further one.
    pub backoff: Duration,
}

/// Through which proxy requests go.
#[derive(Clone, PartialEq, Eq)]
pub enum ProxyChoice {
    /// The system's, or that of the environment.
    System,
    /// None.
    None,
    /// This one: `http://user:password@host:port`.
    Given(String),
}

/// Without the proxy's address, which may hold a password.
impl fmt::Debug for ProxyChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System => "System",
            Self::None => "None",
            Self::Given(_) => "Given(..)",
        })
    }
}

/// What is asked.
#[derive(Debug)]
pub struct Question<'a> {
    /// Where.
    pub address: &'a WebAddress,
    /// Where redirections may lead.
    pub allowed: &'a Allowed,
    /// Bytes that the answer may have, unpacked.
    pub max_size: u64,
    /// What the server called the content that is at hand.
    pub etag: Option<&'a str>,
    /// The server's date of the content that is at hand.
    pub last_modified: Option<&'a str>,
}

impl Question<'_> {
    /// Whether the content at hand may be the answer: a server that says so unasked knows nothing of it.
    fn is_conditional(&self) -> bool {
        self.etag.is_some() || self.last_modified.is_some()
    }
}

/// What was answered.
#[derive(Debug)]
pub enum Answer {
    /// The content at hand is the newest.
    NotModified,
    /// New content.
    Body(Body),
}

/// New content.
#[derive(Debug)]
pub struct Body {
    /// All of it, unpacked.
    pub bytes: Vec<u8>,
    /// Where it came from in the end.
    pub address: WebAddress,
    /// The server's name for it.
    pub etag: Option<String>,
    /// The server's date of it.
    pub last_modified: Option<String>,
}

/// How far an answer is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Bytes that are here.
    pub received: u64,
    /// Bytes that the server announced; nothing for packed or endless answers.
    pub total: Option<u64>,
}

/// Makes requests.
#[derive(Debug)]
pub struct Client {
    usual: blocking::Client,
    /// For addresses of this machine over plain HTTP: a proxy would be somebody on the way.
    direct: blocking::Client,
    options: Options,
}

/// Redirections that are followed.
const REDIRECTIONS: usize = 5;

impl Client {
    /// Prepares TLS and proxy; opens no connection.
    ///
    /// # Errors
    /// `invalid-value` for a proxy, a name or authorities that are none; `fetch-failed` where the system gives no roots.
    pub fn new(options: Options) -> Result<Self, Finding> {
        // Fails when a provider is there already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let name = HeaderValue::from_str(&options.user_agent).map_err(|_| no_name())?;
        let builder = || {
            blocking::Client::builder()
                .user_agent(name.clone())
                .redirect(redirect::Policy::none())
                .connect_timeout(options.connect_timeout)
                .timeout(options.read_timeout)
        };
        let direct = builder().no_proxy().build().map_err(|error| no_tls(&error))?;
        let mut builder = match &options.proxy {
            ProxyChoice::System => builder(),
            ProxyChoice::None => builder().no_proxy(),
            ProxyChoice::Given(url) => builder().proxy(Proxy::all(url).map_err(|error| no_proxy(&error))?),
        };
        if let Some(pem) = &options.authorities {
            builder = builder.tls_certs_merge(authorities(pem)?);
        }
        let client = builder.build().map_err(|error| no_tls(&error))?;
        Ok(Self { usual: client, direct, options })
    }

    /// Asks, and asks again where that may help.
    ///
    /// # Errors
    /// `fetch-failed`, `fetch-elsewhere`, `fetch-too-large`.
    pub fn get(&self, question: &Question<'_>, progress: &dyn Fn(Progress)) -> Result<Answer, Finding> {
        let mut wait = self.options.backoff;
        for _ in 0..self.options.retries {
            match self.attempt(question, progress) {
                Err(Failure::MayPass(_)) => thread::sleep(wait),
                Err(Failure::Final(finding)) => return Err(finding),
                Ok(answer) => return Ok(answer),
            }
            wait = wait.saturating_mul(2);
        }
        let tries = self.options.retries + 1;
        self.attempt(question, progress).map_err(|failure| match failure {
            Failure::MayPass(finding) if tries > 1 => finding.note(format!("tried {tries} times")),
            Failure::MayPass(finding) | Failure::Final(finding) => finding,
        })
    }

    fn attempt(&self, question: &Question<'_>, progress: &dyn Fn(Progress)) -> Result<Answer, Failure> {
        let started = Instant::now();
        let mut address = question.address.clone();
        for _ in 0..=REDIRECTIONS {
            let response = self.send(question, &address)?;
            let status = response.status();
            if status.as_u16() == 304 && question.is_conditional() {
                return Ok(Answer::NotModified);
            }
            if status.is_success() {
                let body = self.body(response, address, started, question.max_size, progress);
                return body.map(Answer::Body);
            }
            if !status.is_redirection() {
                return Err(failure::status(&address, status));
            }
            let Some(location) = response.headers().get(LOCATION) else {
                return Err(failure::status(&address, status));
            };
            let next = address.redirected(location).map_err(Failure::Final)?;
            if !question.allowed.holds(&next) {
                let what = format!("a redirection of {address}");
                return Err(Failure::Final(question.allowed.refusal(&what, &next)));
            }
            address = next;
        }
        let message = format!("{address} redirects more than {REDIRECTIONS} times");
        let help = "open the address in a browser, and give the saved file with --from FILE";
        Err(Failure::Final(Finding::new(Code::FetchFailed, message).help(help)))
    }

    fn send(&self, question: &Question<'_>, address: &WebAddress) -> Result<Response, Failure> {
        let client = if address.is_plain() { &self.direct } else { &self.usual };
        let mut request = client.get(address.url());
        if let Some(etag) = question.etag {
            request = request.header(IF_NONE_MATCH, etag);
        } else if let Some(date) = question.last_modified {
            request = request.header(IF_MODIFIED_SINCE, date);
        }
        request.send().map_err(|error| failure::transport(address, &error))
    }

    fn body(
        &self,
        mut response: Response,
        address: WebAddress,
        started: Instant,
        max_size: u64,
        progress: &dyn Fn(Progress),
    ) -> Result<Body, Failure> {
        let total = response.content_length();
        let (etag, last_modified) =
            (header(response.headers(), ETAG), header(response.headers(), LAST_MODIFIED));
        let mut bytes = Vec::new();
        let mut part = vec![0; 64 * 1024];
        loop {
            let length = response.read(&mut part).map_err(|error| failure::reading(&address, &error))?;
            bytes.extend_from_slice(part.get(..length).unwrap_or_default());
            let received = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            progress(Progress { received, total });
            if length == 0 {
                return Ok(Body { bytes, address, etag, last_modified });
            }
            if received > max_size {
                return Err(Failure::Final(failure::too_large(&address, max_size)));
            }
            if started.elapsed() > self.options.total_timeout {
                return Err(Failure::Final(failure::too_slow(
                    &address,
                    self.options.total_timeout,
                    received,
                )));
            }
        }
    }
}

fn header(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn no_tls(error: &reqwest::Error) -> Finding {
    failure::told(Finding::new(Code::FetchFailed, "the program cannot prepare TLS"), error)
}

fn no_name() -> Finding {
    Finding::new(Code::InvalidValue, "the name of the program has characters that no header can have")
        .help("give --user-agent one line of ASCII")
}

fn no_proxy(error: &reqwest::Error) -> Finding {
    // The address is not repeated: it may hold a password.
    failure::told(Finding::new(Code::InvalidValue, "the proxy's address cannot be read"), error)
        .help("give --proxy http://HOST:PORT, or --proxy none")
}

fn authorities(pem: &[u8]) -> Result<Vec<Certificate>, Finding> {
    let broken = || {
        Finding::new(Code::InvalidValue, "the file of authorities has no certificate that can be read")
            .help("--ca-file takes PEM: blocks that start with -----BEGIN CERTIFICATE-----")
    };
    let certificates = Certificate::from_pem_bundle(pem).map_err(|_| broken())?;
    if certificates.is_empty() { Err(broken()) } else { Ok(certificates) }
}
