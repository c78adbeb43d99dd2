//! Whether the code around Portbook's tables is Portbook's own: line by line what its template says.

use std::collections::BTreeSet;

/// A line of a template.
struct TemplateLine<'t> {
    text: &'t str,
    /// Whether it stands in an artifact whatever the rules are.
    always: bool,
}

/// The code of a template, and how far an artifact has followed it.
pub(super) struct Shape<'t> {
    lines: Vec<TemplateLine<'t>>,
    /// Where the artifact may be: lines that are alike leave several places open.
    places: BTreeSet<usize>,
}

/// The code of a template: no comments, no empty lines, no template statements.
fn code(template: &str) -> Vec<TemplateLine<'_>> {
    let mut lines = Vec::new();
    let (mut depth, mut comment) = (0usize, false);
    for line in template.lines().map(str::trim) {
        if line.starts_with("<#") {
            comment = true;
        }
        let statement = line.strip_prefix("{%").map(|rest| rest.trim_start_matches(['-', ' ']));
        if let Some(statement) = statement {
            if statement.starts_with("if ") || statement.starts_with("for ") {
                depth += 1;
            } else if statement.starts_with("endif") || statement.starts_with("endfor") {
                depth = depth.saturating_sub(1);
            }
        } else if !comment && !is_comment(line) {
            lines.push(TemplateLine { text: line, always: depth == 0 });
        }
        if line.ends_with("#>") {
            comment = false;
        }
    }
    lines
}

/// Empty lines and comments of PowerShell and JavaScript; `#Requires` is none.
pub(super) fn is_comment(line: &str) -> bool {
    line.is_empty() || line.starts_with("//") || line.starts_with('#') && !line.starts_with("#Requires")
}

impl<'t> Shape<'t> {
    /// The code of `template`, from its start.
    pub(super) fn new(template: &'t str) -> Self {
        Self { lines: code(template), places: BTreeSet::from([0]) }
    }

    /// Whether `line` comes next in the template; lines that stand there for some rules only may be passed over.
    pub(super) fn has_next(&mut self, line: &str) -> bool {
        let next: BTreeSet<usize> = self
            .places
            .iter()
            .flat_map(|place| self.ahead(*place))
            .filter(|(_, template)| is_of(line, template.text))
            .map(|(index, _)| index + 1)
            .collect();
        if !next.is_empty() {
            self.places = next;
            return true;
        }
        false
    }

    /// The lines that can come next: up to the first that always stands there.
    fn ahead(&self, place: usize) -> Vec<(usize, &TemplateLine<'t>)> {
        let mut lines = self.lines.iter().enumerate().skip(place);
        let mut ahead = Vec::new();
        for (index, line) in lines.by_ref() {
            ahead.push((index, line));
            if line.always {
                break;
            }
        }
        ahead
    }

    /// Whether nothing that always stands there is left.
    pub(super) fn is_whole(&self) -> bool {
        self.places.iter().any(|place| !self.lines.iter().skip(*place).any(|line| line.always))
    }
}

/// Whether a line is what a line of a template may become: `{{ ... }}` stands for text without quotes that end a string.
fn is_of(line: &str, template: &str) -> bool {
    let Some((front, rest)) = template.split_once("{{") else { return line == template };
    let Some((_, back)) = rest.split_once("}}") else { return false };
    let Some(inner) = line.strip_prefix(front) else { return false };
    if !back.contains("{{") {
        return inner.strip_suffix(back).is_some_and(is_plain);
    }
    // Several values in one line: none holds what stands between them.
    let between = back.split("{{").next().unwrap_or_default();
    let Some((value, behind)) = inner.split_once(between) else { return false };
    is_plain(value) && is_of(&format!("{between}{behind}"), back)
}

/// A value of one string in single quotes, or one without any quote.
fn is_plain(value: &str) -> bool {
    let bare = value.strip_prefix('\'').and_then(|value| value.strip_suffix('\'')).unwrap_or(value);
    !bare.contains(['\'', '"', '\\', '`', '$', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}'])
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str =
        "# head\nuse {{ name|filter }};\n{% if more %}\nmore();\n{% endif %}\ndone({{ a|f }}, {{ b|f }});\n";

    #[test]
    fn what_always_stands_there_must_be_there_and_nothing_else() {
        let mut shape = Shape::new(TEMPLATE);
        assert!(shape.has_next("use 'x';") && shape.has_next("done(1, 'y');") && shape.is_whole());
        let mut shape = Shape::new(TEMPLATE);
        assert!(!shape.has_next("more();"), "`use` always stands in front of it");
        assert!(shape.has_next("use 'x';") && shape.has_next("more();") && !shape.is_whole());
        let mut shape = Shape::new(TEMPLATE);
        for line in ["evil();", "use 'x'; evil('y');", "use \"x\";", "done(1);"] {
            assert!(!shape.has_next(line), "{line}");
        }
    }
}
