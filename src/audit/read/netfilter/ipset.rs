//! The sets of Portbook's own iptables files, for `ipset restore`.

use crate::address::{Family, PrefixSet};

use super::super::statement::{Form, Statements, Stray};
use super::{Set, Sets, element, is_name};

/// ipset 7.17 reads pieces of 1,023 bytes, and takes the second piece of a line for another line (tried).
pub(super) const FORM: Form = Form { loose: false, longest: 1023 };
/// What Portbook writes as `maxelem`; more entries than that are not loaded.
const MOST: usize = 1_048_576;

/// The sets of a file.
pub(super) fn sets(statements: &mut Statements<'_>) -> Result<Sets, Stray> {
    let mut sets = Sets::new();
    while statements.peek().is_some() {
        let at = statements.at();
        let (name, set) = set(statements)?;
        if sets.insert(name.clone(), set).is_some() {
            return Err(Stray::new(at, format!("the set {name} is filled twice")));
        }
    }
    Ok(sets)
}

/// One set, filled aside and swapped in: nothing that was in either stays.
fn set(statements: &mut Statements<'_>) -> Result<(String, Set), Stray> {
    let (name, family) = created(statements)?;
    let filling = match family {
        Family::V4 => "pb-filling4",
        Family::V6 => "pb-filling6",
    };
    statements.expect(&create(filling, family))?;
    statements.expect(&format!("flush {filling}"))?;
    let mut prefixes = Vec::new();
    while let Some((at, text)) = statements.take(&format!("add {filling} "), "") {
        let wrong = || Stray::new(at, format!("`{text}` is no entry of {name}"));
        prefixes.push(element(&text, family).filter(|_| prefixes.len() < MOST).ok_or_else(wrong)?);
    }
    statements.expect(&format!("swap {filling} {name}"))?;
    statements.expect(&format!("destroy {filling}"))?;
    Ok((name, Set { family, prefixes: prefixes.iter().collect::<PrefixSet>() }))
}

fn created(statements: &mut Statements<'_>) -> Result<(String, Family), Stray> {
    for family in Family::ALL {
        let rest = create("", family).replacen("create ", "", 1);
        if let Some((at, name)) = statements.take("create ", &rest) {
            let own = is_name(&name) && !name.starts_with("pb-filling");
            let wrong = || Stray::new(at, format!("`{name}` is no name that Portbook gives a set"));
            return own.then_some((name.clone(), family)).ok_or_else(wrong);
        }
    }
    Err(statements.stray(&format!("`{}`", create("SET", Family::V4))))
}

fn create(name: &str, family: Family) -> String {
    let kind = match family {
        Family::V4 => "inet",
        Family::V6 => "inet6",
    };
    format!("create {name} hash:net family {kind} maxelem {MOST} -exist")
}
