//! Where a range file comes from: a file at hand, an address, or the link on the download page.

use std::io::Read as _;
use std::path::Path;

use jiff::civil::Date;
use jiff::fmt::rfc2822;

use portbook::finding::{Code, Finding};
use portbook::ranges::RangeFile;
use portbook::ranges::date::date_in_name;
use portbook::ranges::store::{Incoming, Locked};

use super::options::Network;
use crate::cli::Talk;

/// Where files come from.
pub(super) struct Source<'a> {
    /// A file or an address in place of the page.
    pub(super) from: Option<&'a str>,
    /// How the network is used.
    pub(super) network: &'a Network,
    /// Who is told how far it is.
    pub(super) talk: &'a Talk,
}

/// The file that was asked for.
pub(super) struct Wanted<'a> {
    /// The file's own word for its cloud.
    pub(super) word: &'a str,
    /// The number of the cloud's download page.
    pub(super) page: Option<u32>,
    /// The kept file, if it is here and as it was locked.
    pub(super) kept: Option<&'a Locked>,
}

/// What was found.
pub(super) enum Found {
    /// The kept file is the newest.
    Unchanged,
    /// This.
    Content(Content),
}

/// A file, not yet checked.
#[derive(Default)]
pub(super) struct Content {
    /// The name that it has where it comes from.
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    url: Option<String>,
    etag: Option<String>,
    last_modified: Option<String>,
}

impl Content {
    /// The date in its name, else that of its server.
    pub(super) fn date(&self) -> Option<Date> {
        date_in_name(&self.name).or_else(|| {
            let told = rfc2822::DateTimeParser::new().parse_timestamp(self.last_modified.as_ref()?).ok()?;
            Some(told.to_zoned(jiff::tz::TimeZone::UTC).date())
        })
    }

    /// What is put into the folder.
    pub(super) fn incoming<'c>(
        &'c self,
        word: &'c str,
        file: &RangeFile<'_>,
        date: Option<Date>,
    ) -> Incoming<'c> {
        Incoming {
            bytes: &self.bytes,
            cloud: word,
            name: &self.name,
            url: self.url.clone(),
            change_number: file.change_number(),
            date,
            etag: self.etag.clone(),
            last_modified: self.last_modified.clone(),
        }
    }
}

impl Source<'_> {
    /// Gets the file.
    ///
    /// # Errors
    /// `cannot-read`; those of `portbook::online`; `link-missing`.
    pub(super) fn content(&self, wanted: &Wanted<'_>) -> Result<Found, Finding> {
        match self.from {
            Some("-") => self.at_hand("standard input", std::io::stdin().lock()),
            Some(address) if is_web(address) => self.at_address(address, wanted),
            Some(path) => {
                let bytes = portbook::input::read(Path::new(path))?;
                self.at_hand(path, bytes.as_slice())
            }
            None => self.on_page(wanted),
        }
    }
}

impl Source<'_> {
    /// A file of this machine, or standard input, up to the cap.
    fn at_hand(&self, name: &str, read: impl std::io::Read) -> Result<Found, Finding> {
        let most = self.network.max_size;
        let mut bytes = Vec::new();
        let read = read.take(most.saturating_add(1)).read_to_end(&mut bytes);
        read.map_err(|error| Finding::unreadable(Path::new(name), &error))?;
        if u64::try_from(bytes.len()).is_ok_and(|length| length > most) {
            return Err(Finding::new(Code::FetchTooLarge, format!("{name} has more than {most} bytes"))
                .help("the files have about 4,000,000; --max-size raises the cap"));
        }
        Ok(Found::Content(Content { name: name.to_owned(), bytes, ..Content::default() }))
    }
}

fn is_web(text: &str) -> bool {
    let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
    scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
}

#[cfg(feature = "online")]
mod online {
    use std::io::IsTerminal as _;

    use indicatif::{ProgressBar, ProgressStyle};

    use portbook::finding::{Code, Finding};
    use portbook::online::{Allowed, Answer, Client, Progress, Question, WebAddress};
    use portbook::ranges::page::links;
    use portbook::ranges::store::Locked;

    use super::{Content, Found, Source, Wanted};

    /// Where Microsoft's files are.
    const DOWNLOAD_HOST: &str = "download.microsoft.com";
    /// Bytes that a page may have: Microsoft's have about 200,000.
    const LARGEST_PAGE: u64 = 8 << 20;
    /// Where Microsoft's pages about them are.
    const PAGE_HOST: &str = "www.microsoft.com";

    impl Source<'_> {
        /// The file at an address that the user named.
        pub(super) fn at_address(&self, address: &str, wanted: &Wanted<'_>) -> Result<Found, Finding> {
            let address = WebAddress::parse(address)?;
            let allowed = Allowed::default().host(DOWNLOAD_HOST).of(&address);
            self.file(&Client::new(self.network.options.clone())?, &address, &allowed, wanted)
        }

        /// The newest file that a page names.
        pub(super) fn on_page(&self, wanted: &Wanted<'_>) -> Result<Found, Finding> {
            let mirror = self.network.page_url.as_deref();
            let page = match (mirror, wanted.page) {
                (Some(mirror), _) => WebAddress::parse(mirror)?,
                (None, Some(id)) => {
                    WebAddress::parse(&format!("https://{PAGE_HOST}/en-us/download/details.aspx?id={id}"))?
                }
                (None, None) => return Err(no_page(wanted.word)),
            };
            let client = Client::new(self.network.options.clone())?;
            let page_hosts = Allowed::default().of(&page);
            let max_size = self.network.max_size.min(LARGEST_PAGE);
            let question =
                Question { address: &page, allowed: &page_hosts, max_size, etag: None, last_modified: None };
            let Answer::Body(body) = client.get(&question, &|_| {})? else {
                return Err(link_missing(&page, wanted.word));
            };
            let text = String::from_utf8_lossy(&body.bytes);
            let newest = links(&text, wanted.word).into_iter().next();
            let Some(link) = newest else { return Err(link_missing(&page, wanted.word)) };
            let address = WebAddress::parse(&link.url)?;
            let mut allowed = Allowed::default().host(DOWNLOAD_HOST);
            if mirror.is_some() {
                allowed = allowed.of(&page);
            }
            if !allowed.holds(&address) {
                return Err(allowed.refusal(&format!("the newest link of {page}"), &address));
            }
            self.file(&client, &address, &allowed, wanted)
        }

        fn file(
            &self,
            client: &Client,
            address: &WebAddress,
            allowed: &Allowed,
            wanted: &Wanted<'_>,
        ) -> Result<Found, Finding> {
            // Only what came from the same address can be the same.
            let same = |kept: &&Locked| {
                !address.has_query() && kept.url.as_deref() == Some(address.to_string().as_str())
            };
            let kept = wanted.kept.filter(same);
            let question = Question {
                address,
                allowed,
                max_size: self.network.max_size,
                etag: kept.and_then(|kept| kept.etag.as_deref()),
                last_modified: kept.and_then(|kept| kept.last_modified.as_deref()),
            };
            let bar = self.bar();
            let answer = client.get(&question, &|progress| show(&bar, progress));
            bar.finish_and_clear();
            Ok(match answer? {
                Answer::NotModified => Found::Unchanged,
                Answer::Body(body) => Found::Content(Content {
                    name: address.file_name().to_owned(),
                    bytes: body.bytes,
                    url: Some(address.to_string()),
                    etag: body.etag,
                    last_modified: body.last_modified,
                }),
            })
        }

        /// On a terminal only, and not for those who want it quiet.
        fn bar(&self) -> ProgressBar {
            if self.talk.is_quiet() || !std::io::stderr().is_terminal() {
                return ProgressBar::hidden();
            }
            ProgressBar::new_spinner()
        }
    }

    /// A bar once the size is known, a spinner before.
    fn show(bar: &ProgressBar, progress: Progress) {
        if let Some(total) = progress.total.filter(|_| bar.length().is_none()) {
            bar.set_length(total);
            let style = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {eta}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        }
        bar.set_position(progress.received);
    }

    fn no_page(word: &str) -> Finding {
        Finding::new(Code::LinkMissing, format!("no download page of {word} is known"))
            .help("--page-url names a page, --from FILE a saved file")
    }

    fn link_missing(page: &WebAddress, word: &str) -> Finding {
        Finding::new(Code::LinkMissing, format!("{page} names no file ServiceTags_{word}_<date>.json"))
            .note("it may be an error page, or its markup may have changed")
            .help("open the page in a browser, and give the saved file with --from FILE or its address with --from URL")
    }
}

#[cfg(not(feature = "online"))]
#[expect(clippy::unused_self, reason = "in the place of the network's")]
impl Source<'_> {
    fn at_address(&self, _address: &str, _wanted: &Wanted<'_>) -> Result<Found, Finding> {
        Err(offline())
    }

    fn on_page(&self, _wanted: &Wanted<'_>) -> Result<Found, Finding> {
        Err(offline())
    }
}

#[cfg(not(feature = "online"))]
fn offline() -> Finding {
    Finding::new(Code::FetchFailed, "this program was built without the network")
        .help("save the file with a browser and give it with --from FILE")
}
