//! One frontend: what listens on a port, what it lets through, and that it rejects the rest.

use crate::address::{Family, Port, PortRange, Prefix, PrefixSet, Transport};

use super::super::super::region::{met, ports, whole};
use super::super::super::{Action, At, Clause, Destination, Reach};
use super::super::statement::{Statements, Stray};
use super::acl::{Acls, Condition};

/// What a name has to be before a list is asked.
const NAME: &str = "-m reg ^[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*$ }";

/// Whether TLS comes to a port. On port 8080 the documents leave open what comes.
pub(super) fn takes_tls(port: u16) -> bool {
    port != 80
}

/// Whether HTTP comes to a port.
pub(super) fn takes_http(port: u16) -> bool {
    port != 443
}

/// A frontend as far as it was read.
pub(super) struct Frontend<'n> {
    own: &'n str,
    prefer: &'n str,
    pub(super) port: u16,
    range: PortRange,
    /// The families that it listens on.
    bound: PrefixSet,
    acls: Acls,
}

/// An allow line.
struct Allowed {
    at: At,
    line: String,
    condition: Condition,
}

/// How one protocol is written.
struct Protocol {
    /// `tcp-request content`.
    rule: &'static str,
    /// `reject`.
    no: &'static str,
    /// What rejects a name without an address.
    nowhere: &'static str,
    /// `sess`.
    scope: &'static str,
    /// What is compared.
    name: &'static str,
    /// The end of the names of its lists.
    kind: &'static str,
}

const TLS: Protocol = Protocol {
    rule: "tcp-request content",
    no: "reject",
    nowhere: "reject",
    scope: "sess",
    name: "req.ssl_sni",
    kind: "_sni",
};
const HTTP: Protocol = Protocol {
    rule: "http-request",
    no: "deny",
    nowhere: "deny deny_status 503",
    scope: "txn",
    name: "req.fhdr(host),host_only",
    kind: "_host",
};

impl<'n> Frontend<'n> {
    /// The first line of a frontend; nothing if no frontend is next.
    pub(super) fn begin(
        statements: &mut Statements<'_>,
        own: &'n str,
        prefer: &'n str,
    ) -> Result<Option<Self>, Stray> {
        let (front, back) = (format!("frontend {own}_"), format!(" from {own}"));
        let Some((at, text)) = statements.take(&front, &back) else { return Ok(None) };
        let port = Port::parse(&text).map_err(|_| Stray::new(at, format!("`{text}` is no port")))?;
        let (range, bound) = (PortRange::from(port), PrefixSet::default());
        Ok(Some(Self { own, prefer, port: port.get(), range, bound, acls: Acls::default() }))
    }

    /// All of it, as clauses: those that allow, and the rejection of the rest.
    pub(super) fn read(&mut self, statements: &mut Statements<'_>) -> Result<Vec<Clause>, Stray> {
        let (tls, http) = (takes_tls(self.port), takes_http(self.port));
        self.listens(statements);
        statements.expect(if tls { "mode tcp" } else { "mode http" })?;
        self.lists(statements)?;
        let at = statements.at();
        let (mut by_tls, mut by_http, mut rest) = (Vec::new(), Vec::new(), at.clone());
        if tls {
            Self::hello(statements, http)?;
            (by_tls, rest) = self.protocol(statements, &TLS)?;
        }
        if http {
            statements.expect_all(&[
                "http-request deny if METH_CONNECT",
                "http-request deny if !{ req.hdr_cnt(host) eq 1 }",
            ])?;
            (by_http, rest) = self.protocol(statements, &HTTP)?;
        }
        if tls && http && conditions(&by_tls) != conditions(&by_http) {
            return Err(Stray::new(at, "what is let through by TLS and by HTTP differs"));
        }
        self.ends(statements, tls, http)?;
        let allowed = if tls { by_tls } else { by_http };
        let mut clauses: Vec<Clause> = allowed.into_iter().map(|allowed| self.allows(allowed)).collect();
        clauses.push(self.rejects(rest));
        Ok(clauses)
    }

    /// Clients of a family that it does not listen on are let through by nothing.
    fn listens(&mut self, statements: &mut Statements<'_>) {
        let lines = [
            (Family::V4, format!("bind 0.0.0.0:{}", self.port)),
            (Family::V6, format!("bind [::]:{} v6only", self.port)),
        ];
        for (family, line) in lines {
            if statements.has(&line) {
                self.bound = self.bound.union(&met(&Prefix::whole(family).into()));
            }
        }
    }

    fn lists(&mut self, statements: &mut Statements<'_>) -> Result<(), Stray> {
        statements.expect("acl portbook_ipv6 src -m sub :")?;
        while let Some((at, line)) = statements.take("acl ", "") {
            let wrong = || Stray::new(at, format!("`acl {line}` is no list that Portbook writes"));
            self.acls.add(&line, self.own).ok_or_else(wrong)?;
        }
        Ok(())
    }

    fn hello(statements: &mut Statements<'_>, http: bool) -> Result<(), Stray> {
        statements.expect("tcp-request inspect-delay 10s")?;
        if http {
            statements.expect("tcp-request content switch-mode http if HTTP")?;
        }
        statements.expect("tcp-request content reject if !{ req.ssl_hello_type 1 }").map(|_| ())
    }

    /// The allow lines of a protocol, and where it rejects the rest.
    fn protocol(&self, statements: &mut Statements<'_>, by: &Protocol) -> Result<(Vec<Allowed>, At), Stray> {
        let Protocol { rule, no, nowhere, scope, name, kind } = by;
        statements.expect(&format!("{rule} {no} if !{{ {name} {NAME}"))?;
        let mut allowed = Vec::new();
        let front = format!("{rule} set-var({scope}.portbook_name) {name},lower if ");
        while let Some((at, text)) = statements.take(&front, "") {
            let line = format!("{front}{text}");
            let wrong = || Stray::new(at.clone(), format!("`{line}` names no lists of this frontend"));
            let condition = self.acls.condition(&text, kind).ok_or_else(wrong)?;
            allowed.push(Allowed { at, line, condition });
        }
        let rest =
            statements.expect(&format!("{rule} {no} if !{{ var({scope}.portbook_name) -m found }}"))?;
        let (own, prefer) = (self.own, self.prefer);
        statements.expect_all(&[
            &format!("{rule} do-resolve({scope}.portbook_to,{own},{prefer}) var({scope}.portbook_name)"),
            &format!("{rule} {nowhere} if !{{ var({scope}.portbook_to) -m found }}"),
            &format!("{rule} set-dst var({scope}.portbook_to)"),
            &format!("{rule} set-dst-port int({})", self.port),
        ])?;
        Ok((allowed, rest))
    }

    fn ends(&self, statements: &mut Statements<'_>, tls: bool, http: bool) -> Result<(), Stray> {
        if tls && http {
            statements.expect(&format!("use_backend {}_http if HTTP", self.own))?;
        }
        let kind = if tls { "tls" } else { "http" };
        statements.expect(&format!("default_backend {}_{kind}", self.own)).map(|_| ())
    }

    fn allows(&self, allowed: Allowed) -> Clause {
        let Allowed { at, line, condition } = allowed;
        let from = condition.clients.unwrap_or_else(whole).intersection(&self.bound);
        let mut reach = self.reach(from);
        reach.region.to = Destination::names(condition.names);
        Clause { action: Action::Allow, reaches: vec![reach], host: None, direction: None, at, name: line }
    }

    /// Whatever comes to the port and is not listed.
    fn rejects(&self, at: At) -> Clause {
        let name = format!("frontend {}_{} rejects what is not listed", self.own, self.port);
        let reaches = vec![self.reach(self.bound.clone())];
        Clause { action: Action::Deny, reaches, host: None, direction: None, at, name }
    }

    fn reach(&self, from: PrefixSet) -> Reach {
        let mut reach = Reach { transport: Some(Transport::Tcp), ..Reach::from(from) };
        reach.region.ports = ports([self.range]);
        reach
    }
}

fn conditions(allowed: &[Allowed]) -> Vec<&Condition> {
    allowed.iter().map(|allowed| &allowed.condition).collect()
}
