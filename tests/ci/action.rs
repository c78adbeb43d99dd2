//! The shell of the action.

use std::fs;

use super::stage::{Stage, yaml};

fn stage() -> Stage {
    Stage::new().with("INPUT_COMMANDS", "validate test check").with("INPUT_SITE", "portbook.yaml")
}

fn outputs(stage: &Stage) -> [String; 4] {
    ["changed", "refused", "different", "failed"].map(|name| stage.output(name).unwrap())
}

#[test]
fn exit_codes_become_outputs_and_then_a_verdict() {
    // What check, test and validate answer; changed, refused, failed; the verdict, and that of a lenient one.
    for (check, test, validate, wanted, verdict, lenient) in [
        ("0", "0", "0", ["false", "false", "false"], 0, 0),
        ("1", "0", "0", ["true", "false", "false"], 1, 0),
        ("2", "0", "0", ["false", "false", "true"], 2, 2),
        ("3", "0", "0", ["false", "true", "false"], 3, 0),
        ("101", "0", "0", ["false", "false", "true"], 2, 2),
        ("0", "1", "0", ["false", "false", "true"], 2, 2),
        ("0", "3", "0", ["false", "true", "false"], 3, 0),
        ("0", "0", "2", ["false", "false", "true"], 2, 2),
    ] {
        let stage = stage().with("PLAY_check", check).with("PLAY_test", test).with("PLAY_validate", validate);
        let done = stage.script("action/run.sh");
        assert_eq!(done.code, 0, "{}", done.said);
        let [changed, refused, _, failed] = outputs(&stage);
        assert_eq!(
            [changed.as_str(), &refused, &failed],
            wanted,
            "check {check}, test {test}, validate {validate}"
        );
        let mut stage = stage.with("CHANGED", &changed).with("REFUSED", &refused).with("FAILED", &failed);
        assert_eq!(stage.script("action/verdict.sh").code, verdict, "check {check}");
        stage = stage.with("INPUT_FAIL_ON_CHANGED", "false").with("INPUT_FAIL_ON_REFUSED", "false");
        assert_eq!(stage.script("action/verdict.sh").code, lenient, "check {check}");
    }
    let unclear = Stage::new().with("FAILED", "false").with("INPUT_FAIL_ON_REFUSED", "yes");
    assert_eq!(unclear.script("action/verdict.sh").code, 2);
    assert_eq!(Stage::new().script("action/verdict.sh").code, 2, "no outputs are no success");
}

#[test]
fn commands_get_their_flags_and_what_they_say_is_no_command_of_the_runner() {
    let stage = stage()
        .with("INPUT_SHARD", "3/16")
        .with("INPUT_STRICT", "true")
        .with("INPUT_COMMANDS", "check,build");
    let done = stage.script("action/run.sh");
    let flags = "--ranges-dir ranges --shard 3/16 --strict";
    let wanted = [
        format!("portbook build portbook.yaml --check {flags}"),
        format!("portbook build portbook.yaml --check {flags}"),
        format!("portbook build portbook.yaml {flags}"),
    ];
    assert_eq!(done.calls, wanted);
    let said = done.said.find("::error::said by build").unwrap();
    let stopped = done.said[..said].rfind("::stop-commands::").unwrap();
    let token = &done.said[stopped + "::stop-commands::".len()..][..32];
    assert!(token.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let between = &done.said[stopped..said];
    assert!(!between.contains(&format!("\n::{token}::")), "{}", done.said);
    assert!(done.said[said..].contains(&format!("\n::{token}::\n")), "{}", done.said);
    assert!(stage.read("summary").contains("exit code 0"));
}

#[test]
fn a_comparison_names_the_base_and_the_outputs() {
    for (code, outputs_dir, different, report) in
        [("1", "", "true", "<html>\n"), ("0", "", "false", "<html>\n"), ("2", "", "false", "")]
    {
        let stage = stage()
            .with("INPUT_COMMANDS", "")
            .with("INPUT_COMPARE_WITH", "main")
            .with("INPUT_OUTPUTS_DIR", outputs_dir)
            .with("INPUT_REPORT", "report.html")
            .with("PLAY_diff", code);
        let done = stage.script("action/run.sh");
        assert_eq!(done.code, 0, "{}", done.said);
        assert_eq!(done.calls[0], "portbook diff git:main:. . --format markdown");
        assert_eq!(stage.output("different").unwrap(), different);
        assert_eq!(stage.output("failed").unwrap(), if code == "2" { "true" } else { "false" });
        let summary = fs::read_to_string(stage.output("summary-file").unwrap()).unwrap();
        assert_eq!(summary.contains("### Widened (1)"), code != "2", "{summary}");
        assert_eq!(summary.contains("could not be compared"), code == "2", "{summary}");
        assert_eq!(stage.read("repository/report.html"), report);
        assert!(!stage.path("repository/pwned").exists());
    }
    // Nothing to compare with is no failure: the first build.
    let stage = stage().with("INPUT_COMPARE_WITH", "main").with("INPUT_OUTPUTS_DIR", "elsewhere");
    let done = stage.script("action/run.sh");
    assert_eq!(done.code, 0, "{}", done.said);
    assert!(!done.calls.iter().any(|call| call.contains("diff")));
    let summary = fs::read_to_string(stage.output("summary-file").unwrap()).unwrap();
    assert!(summary.starts_with("Nothing was built before"), "{summary}");
}

#[test]
fn outputs_that_are_stale_are_told_beside_the_comparison() {
    let stage = stage().with("INPUT_COMPARE_WITH", "main").with("PLAY_check", "1").with("PLAY_diff", "1");
    assert_eq!(stage.script("action/run.sh").code, 0);
    let summary = fs::read_to_string(stage.output("summary-file").unwrap()).unwrap();
    assert!(
        summary.contains("### Widened (1)") && summary.contains("do not match the site file"),
        "{summary}"
    );
}

#[test]
fn hostile_inputs_are_refused_before_anything_runs() {
    for (name, value) in [
        ("INPUT_SITE", "--catalog=/etc"),
        ("INPUT_SITE", "a\nchanged=true"),
        ("INPUT_SHARD", "1/3; touch pwned"),
        ("INPUT_SHARD", "0/3"),
        ("INPUT_SHARD", "--check"),
        ("INPUT_STRICT", "$(touch pwned)"),
        ("INPUT_RANGES_DIR", "-x"),
        ("INPUT_OUTPUTS_DIR", "--x"),
        ("INPUT_COMPARE_WITH", "--output=pwned"),
        ("INPUT_COMPARE_WITH", "main; touch pwned"),
        ("INPUT_COMPARE_WITH", "no-such-branch"),
        ("INPUT_REPORT", "report.html"),
        ("INPUT_COMMANDS", "fetch"),
        ("INPUT_COMMANDS", "--help"),
        ("INPUT_COMMANDS", "*"),
    ] {
        let stage = Stage::new().with(name, value);
        let done = stage.script("action/run.sh");
        assert_eq!(done.code, 2, "{name}={value}: {}", done.said);
        assert!(done.calls.is_empty() && stage.read("output").is_empty(), "{name}={value}: {:?}", done.calls);
        assert!(!stage.path("repository/pwned").exists());
    }
}

#[test]
fn a_program_that_is_given_goes_on_the_path() {
    let stage = Stage::new();
    let program = stage.path("bin/portbook");
    let stage = stage.with("INPUT_BINARY", "../bin/portbook");
    let done = stage.script("action/install.sh");
    assert_eq!(done.code, 0, "{}", done.said);
    assert_eq!(done.calls, ["portbook --version"]);
    assert_eq!(
        fs::canonicalize(stage.output("binary").unwrap()).unwrap(),
        fs::canonicalize(&program).unwrap()
    );
    assert_eq!(
        fs::canonicalize(stage.read("added").trim()).unwrap(),
        fs::canonicalize(program.parent().unwrap()).unwrap()
    );
    for wrong in ["../bin", "../repository/portbook.yaml", "../bin/none"] {
        let stage = Stage::new().with("INPUT_BINARY", wrong);
        assert_ne!(stage.script("action/install.sh").code, 0, "{wrong}");
        assert!(stage.output("binary").is_none(), "{wrong}");
    }
}

#[test]
fn without_a_program_the_cached_one_is_taken_or_one_is_built() {
    let cargo = "#!/bin/sh\nprintf 'cargo %s in %s\\n' \"$*\" \"$PWD\" >>\"$CALLS\"\nmkdir -p \"$6/bin\"\ncp \"$STAGE/bin/portbook\" \"$6/bin/\"\n";
    let here = env!("CARGO_MANIFEST_DIR");
    let stage = Stage::new().with("GITHUB_ACTION_PATH", here);
    fs::write(stage.path("bin/cargo"), cargo).unwrap();
    assert_eq!(stage.shell("chmod +x \"$STAGE/bin/cargo\"").code, 0);
    let root = stage.path("temp/portbook-program");
    let built = format!("cargo install --locked --path . --root {} in {here}", root.display());
    assert_eq!(stage.script("action/install.sh").calls, [built.as_str(), "portbook --version"]);
    assert_eq!(stage.script("action/install.sh").calls, ["portbook --version"]);

    let digest = |stage: &Stage| {
        let done = stage.script("action/digest.sh");
        assert_eq!(done.code, 0, "{}", done.said);
        stage.output("digest").unwrap()
    };
    let first = digest(&stage);
    assert!(first.len() == 32 && first.bytes().all(|byte| byte.is_ascii_hexdigit()), "{first}");
    assert_eq!(digest(&stage), first);
}

#[test]
fn no_input_is_pasted_into_shell_and_every_one_is_used() {
    let action = yaml("action.yml");
    let text = super::stage::text("action.yml");
    for step in action["runs"]["steps"].as_array().unwrap() {
        let run = step["run"].as_str().unwrap_or_default();
        assert!(!run.contains("${{"), "{run}");
        if let Some(uses) = step["uses"].as_str() {
            assert!(uses.starts_with("actions/cache@"), "{uses}");
        }
    }
    for name in action["inputs"].as_object().unwrap().keys() {
        assert!(text.contains(&format!("inputs.{name}")), "{name} is not used");
    }
}
