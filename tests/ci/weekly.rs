//! The weekly workflow: the shell of its steps, with a remote that is a folder.

use super::stage::{Done, Stage, step, yaml};

const WORKFLOW: &str = "examples/ci/github-weekly.yml";

fn stage() -> Stage {
    let workflow = yaml(WORKFLOW);
    let mut stage = Stage::new();
    for (name, value) in workflow["env"].as_object().unwrap() {
        stage = stage.with(name, value.as_str().unwrap());
    }
    stage
}

fn build(stage: &Stage) -> Done {
    stage.shell(&step(WORKFLOW, "build", "Fetch, build, compare"))
}

#[test]
fn a_week_without_a_change_proposes_nothing() {
    let stage = stage();
    let done = build(&stage);
    assert_eq!(done.code, 0, "{}", done.said);
    let wanted = [
        "portbook fetch --cloud public --ranges-dir ranges",
        "portbook build portbook.yaml --ranges-dir ranges",
        "portbook test portbook.yaml",
    ];
    assert_eq!(done.calls, wanted);
    assert_eq!(stage.output("changed").unwrap(), "false");
    assert_eq!(stage.output("unattended").unwrap(), "false");
}

#[test]
fn a_change_is_proposed_and_merges_itself_only_if_the_policy_says_so() {
    for (merge, unattended, heading) in
        [("0", "true", "### Merges itself"), ("1", "false", "### Needs a human")]
    {
        let stage = stage().with("PLAY_content", "new").with("PLAY_diff", "1").with("PLAY_merge", merge);
        let done = build(&stage);
        assert_eq!(done.code, 0, "{}", done.said);
        assert_eq!(done.calls[3], "portbook diff git:HEAD:. . --format markdown");
        assert_eq!(done.calls[4], "portbook diff git:HEAD:. . --auto-merge git:HEAD:portbook.yaml");
        assert_eq!(stage.output("changed").unwrap(), "true");
        assert_eq!(stage.output("unattended").unwrap(), unattended);
        let body = stage.read("temp/proposal/body.md");
        assert!(body.contains("### Widened (1)") && body.contains(heading), "{body}");
        assert!(body.contains("3 of at most 40 addresses"), "{body}");
        assert!(stage.read("temp/proposal/change.patch").contains("+new"));
        assert!(!stage.path("repository/pwned").exists());
    }
}

#[test]
fn whatever_cannot_be_done_or_said_stops_before_a_proposal() {
    for (command, code) in [
        ("fetch", "2"),
        ("build", "2"),
        ("build", "3"),
        ("test", "1"),
        ("diff", "2"),
        ("merge", "2"),
        ("merge", "3"),
    ] {
        let stage =
            stage().with("PLAY_content", "new").with("PLAY_diff", "1").with(&format!("PLAY_{command}"), code);
        let done = build(&stage);
        assert_eq!(done.code.to_string(), code, "{command}: {}", done.said);
        assert_ne!(stage.output("changed").as_deref(), Some("true"), "{command} {code}");
        if command == "build" {
            assert!(stage.read("summary").contains(&format!("exit code {code}")));
        }
    }
}

/// The build job, then the job that writes, in a clone of its own.
fn proposed(list: &str, view: &str) -> (Stage, Done) {
    let stage = stage()
        .with("PLAY_content", "new")
        .with("PLAY_diff", "1")
        .with("BRANCH", "portbook/weekly")
        .with("BASE", "main")
        .with("ANSWER_list", list)
        .with("ANSWER_view", view);
    assert_eq!(build(&stage).code, 0);
    let clone = "git reset --quiet --hard && git clone --quiet --bare . \"$STAGE/remote\" && git remote add origin \"$STAGE/remote\"";
    assert_eq!(stage.shell(clone).code, 0);
    let done = stage.shell(&step(WORKFLOW, "propose", "Push the branch"));
    (stage, done)
}

#[test]
fn the_branch_is_pushed_and_the_pull_request_opened_then_armed() {
    let (stage, done) = proposed("", "");
    assert_eq!(done.code, 0, "{}", done.said);
    let pushed = stage.shell("git --git-dir=\"$STAGE/remote\" show portbook/weekly:rules.csv && git --git-dir=\"$STAGE/remote\" rev-parse portbook/weekly");
    let commit = stage.output("commit").unwrap();
    assert_eq!(pushed.said, format!("new\n{commit}\n"));
    assert_eq!(stage.output("number").unwrap(), "");

    let stage = stage.with("NUMBER", "").with("COMMIT", &commit);
    let done = stage.shell(&step(WORKFLOW, "propose", "Open or renew the pull request"));
    assert_eq!(done.code, 0, "{}", done.said);
    assert!(
        done.calls[0].starts_with("gh pr create --head portbook/weekly --base main --title "),
        "{:?}",
        done.calls
    );
    assert_eq!(stage.output("number").unwrap(), "12");
    let stage = stage.with("NUMBER", "12");
    let done = stage.shell(&step(WORKFLOW, "propose", "Let it merge itself"));
    assert_eq!(done.calls[1..], [format!("gh pr merge 12 --auto --squash --match-head-commit {commit}")]);

    // Nothing that is required: merging would be now, with nothing checked.
    for state in ["CLEAN", "UNSTABLE", "HAS_HOOKS", "DIRTY", ""] {
        let mut stage =
            self::stage().with("NUMBER", "12").with("COMMIT", &commit).with("ANSWER_state", state);
        if state.is_empty() {
            stage = stage.with("FAIL_GH", "view");
        }
        let done = stage.shell(&step(WORKFLOW, "propose", "Let it merge itself"));
        assert_eq!(done.calls.len(), 1, "{state}: {:?}", done.calls);
    }
}

#[test]
fn an_open_pull_request_loses_last_weeks_permission_before_it_is_renewed() {
    let (stage, done) = proposed("9", "true");
    assert_eq!(done.code, 0, "{}", done.said);
    assert!(done.calls[0].contains("--json number,isCrossRepository"), "{:?}", done.calls);
    assert_eq!(done.calls[2], "gh pr merge 9 --disable-auto");
    let stage = stage.with("NUMBER", "9");
    let done = stage.shell(&step(WORKFLOW, "propose", "Open or renew the pull request"));
    assert!(done.calls[0].starts_with("gh pr edit 9 --body-file "), "{:?}", done.calls);

    // If it cannot be taken away, nothing is pushed.
    let stage = self::stage()
        .with("FAIL_GH", "--disable-auto")
        .with("ANSWER_list", "9")
        .with("ANSWER_view", "true")
        .with("BRANCH", "b")
        .with("BASE", "main");
    let done = stage.shell(&step(WORKFLOW, "propose", "Push the branch"));
    assert!(done.code != 0 && done.calls.len() == 3, "{:?}", done.calls);
}

#[test]
fn only_the_job_that_runs_nothing_of_others_may_write() {
    for file in [WORKFLOW, "examples/ci/github-review.yml"] {
        let workflow = yaml(file);
        assert!(workflow["permissions"].as_object().unwrap().is_empty(), "{file}");
        assert!(workflow["on"].get("pull_request_target").is_none(), "{file}");
        for (name, job) in workflow["jobs"].as_object().unwrap() {
            let steps = job["steps"].as_array().unwrap();
            let uses: Vec<&str> = steps.iter().filter_map(|step| step["uses"].as_str()).collect();
            let runs = uses.iter().any(|uses| uses.starts_with("OWNER/portbook@"));
            assert!(
                uses.iter().all(|uses| uses.starts_with("actions/") || *uses == "OWNER/portbook@COMMIT"),
                "{file}: {uses:?}"
            );
            if runs {
                assert_eq!(job["permissions"]["contents"], "read", "{file}: {name}");
                let checkout = steps
                    .iter()
                    .find(|step| {
                        step["uses"].as_str().is_some_and(|uses| uses.starts_with("actions/checkout@"))
                    })
                    .unwrap();
                assert_eq!(checkout["with"]["persist-credentials"], false, "{file}: {name}");
            }
        }
    }
}
