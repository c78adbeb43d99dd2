//! The hooks.

use super::stage::{Stage, yaml};

#[test]
fn the_hook_refuses_what_is_stale_refused_or_broken() {
    for (check, words) in
        [("0", ""), ("1", "do not match portbook.yaml"), ("2", "could not"), ("3", "cannot say a rule")]
    {
        let stage = Stage::new().with("PLAY_check", check);
        let done = stage.script("examples/ci/pre-commit");
        assert_eq!(done.code.to_string(), check);
        assert!(done.said.contains(words), "{}", done.said);
        assert_eq!(done.calls, ["portbook validate portbook.yaml", "portbook build portbook.yaml --check"]);
    }
    let done = Stage::new().with("PLAY_validate", "2").script("examples/ci/pre-commit");
    assert_eq!((done.code, done.calls.len()), (2, 1));
}

#[test]
fn hooks_of_the_framework_run_once_for_all_files() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    for hook in hooks.as_array().unwrap() {
        assert!(hook["entry"].as_str().unwrap().starts_with("portbook "), "{hook}");
        assert_eq!(hook["pass_filenames"], false, "{hook}");
        assert_eq!(hook["language"], "rust", "{hook}");
    }
}
