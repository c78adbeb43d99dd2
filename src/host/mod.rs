//! Host names and what the documents make of them: one name, a pattern of names, a URL pattern, a template with parameters.
//!
//! `*.x` has at least four incompatible meanings among firewalls and proxies (whether it holds `x` itself, how deep it goes, whether
//! it holds `evilx`). So nothing here is passed on as text: a pattern is parsed into [`HostPattern`], whose meaning is exact, and each
//! target writes that meaning in its own notation.
//!
//! | text | meaning |
//! |---|---|
//! | `login.windows.net` | this name and no other |
//! | `*.windows.net` | every name below, at any depth; not `windows.net` |
//! | `[*.]windows.net` | every name below, and `windows.net` itself |
//!
//! ```
//! use portbook::host::HostPattern;
//!
//! let below = HostPattern::parse("*.msappproxy.net")?;
//! assert!(below.matches("a.b.msappproxy.net"));
//! assert!(!below.matches("msappproxy.net"));
//! assert!(!below.matches("evilmsappproxy.net"));
//! # Ok::<(), portbook::host::HostError>(())
//! ```

mod error;
mod minimal;
mod name;
mod path;
mod pattern;
mod template;
pub(crate) mod text;
mod url;

pub use error::HostError;
pub use minimal::minimal;
pub use name::HostName;
pub use path::UrlPath;
pub use pattern::HostPattern;
pub use template::{HostTemplate, TemplateError};
pub use url::{Scheme, UrlError, UrlPattern};
