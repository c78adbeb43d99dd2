//! The jobs for GitLab.

use super::stage::{Done, Stage, yaml};

fn script(job: &str) -> String {
    let pipeline = yaml("examples/ci/gitlab-ci.yml");
    let lines = pipeline[job]["script"].as_array().unwrap().iter();
    lines.map(|line| line.as_str().unwrap().to_owned() + "\n").collect()
}

fn stage() -> Stage {
    let pipeline = yaml("examples/ci/gitlab-ci.yml");
    let mut stage = Stage::new();
    for (name, value) in pipeline["variables"].as_object().unwrap() {
        stage = stage.with(name, value.as_str().unwrap());
    }
    stage
        .with("CI_API_V4_URL", "https://gitlab.example/api/v4")
        .with("CI_PROJECT_ID", "5")
        .with("CI_PROJECT_PATH", "contoso/network")
        .with("CI_DEFAULT_BRANCH", "main")
        .with("CI_MERGE_REQUEST_IID", "7")
        .with("CI_MERGE_REQUEST_DIFF_BASE_SHA", "main")
        .with("CI_NODE_INDEX", "2")
        .with("CI_NODE_TOTAL", "3")
        .with("CI_SERVER_PROTOCOL", "https")
        .with("CI_SERVER_HOST", "gitlab.example")
        .with("CI_SERVER_PORT", "443")
        .with("PORTBOOK_GITLAB_TOKEN", "secret-token")
}

/// jq is no part of every machine; without it these jobs are not run here.
fn has_jq() -> bool {
    let found = std::process::Command::new("jq").arg("--version").output().is_ok();
    if !found {
        println!("no jq: the jobs that write to GitLab are not run");
    }
    found
}

fn never_shows_the_token(done: &Done) {
    assert!(
        !done.said.contains("secret-token") && done.calls.iter().all(|call| !call.contains("secret-token")),
        "{:?}",
        done.calls
    );
}

#[test]
fn a_merge_request_is_checked_in_parts_and_compared() {
    for code in ["0", "1", "2", "3"] {
        let stage = stage().with("PLAY_check", code);
        let done = stage.shell(&script("check"));
        assert_eq!(done.code.to_string(), code);
        assert_eq!(done.calls[2], "portbook build portbook.yaml --check --ranges-dir ranges --shard 2/3");
    }
    for (code, wanted, text) in [("0", 0, "### Widened"), ("1", 0, "### Widened"), ("2", 2, "")] {
        let stage = stage().with("PLAY_diff", code);
        let done = stage.shell(&script("difference"));
        assert_eq!(done.code, wanted, "{}", done.said);
        assert!(stage.read("repository/portbook-diff.md").starts_with(text));
        assert_eq!(stage.read("repository/portbook-report.html").is_empty(), code == "2");
    }
    let first = stage().with("OUTPUTS", "elsewhere");
    assert_eq!(first.shell(&script("difference")).code, 0);
    assert!(first.read("repository/portbook-diff.md").starts_with("Nothing was built before"));
}

#[test]
fn the_note_of_the_token_itself_is_replaced_and_no_other() {
    if !has_jq() {
        return;
    }
    let note = |author: u32, body: &str| {
        format!(r#"[{{"id": 31, "author": {{"id": {author}}}, "body": "{body}"}}]"#)
    };
    let marker = "<!-- portbook -->\\nold";
    for (notes, method) in [
        ("[]".to_owned(), "POST"),
        (note(7, marker), "PUT"),
        (note(8, marker), "POST"),
        (note(7, "other"), "POST"),
    ] {
        let stage = stage().with("ANSWER_json", &notes);
        let done = stage.shell(&format!("echo difference >portbook-diff.md\n{}", script("comment")));
        assert_eq!(done.code, 0, "{}", done.said);
        let last = done.calls.last().unwrap();
        assert!(
            last.contains(&format!("--request {method} --data-urlencode body@note.md")),
            "{notes}: {last}"
        );
        assert_eq!(last.ends_with("/notes/31"), method == "PUT");
        assert_eq!(stage.read("repository/note.md"), "<!-- portbook -->\ndifference\n");
        never_shows_the_token(&done);
    }
}

#[test]
fn a_schedule_proposes_what_changed_and_arms_only_what_the_policy_allows() {
    let stage = stage();
    assert_eq!(stage.shell(&script("weekly")).code, 0);
    assert_eq!(stage.read("repository/proposal/verdict.env"), "changed=false\nunattended=false\n");
    for (command, code) in
        [("fetch", "2"), ("build", "2"), ("build", "3"), ("test", "1"), ("diff", "2"), ("merge", "3")]
    {
        let stage = self::stage().with("PLAY_content", "new").with(&format!("PLAY_{command}"), code);
        assert_eq!(stage.shell(&script("weekly")).code.to_string(), code, "{command}");
        assert!(!stage.read("repository/proposal/verdict.env").contains("true"));
    }
    for (merge, verdict) in [("0", "true"), ("1", "false")] {
        let stage =
            self::stage().with("PLAY_content", "new").with("PLAY_diff", "1").with("PLAY_merge", merge);
        let done = stage.shell(&script("weekly"));
        assert_eq!(done.code, 0, "{}", done.said);
        assert_eq!(
            stage.read("repository/proposal/verdict.env"),
            format!("changed=true\nunattended={verdict}\n")
        );
        if has_jq() {
            propose(stage, merge == "0");
        }
    }
}

/// The job that writes: the address of the server is a folder here.
fn propose(stage: Stage, unattended: bool) {
    let clone = "git reset --quiet --hard && git clone --quiet --bare . \"$STAGE/remote\"";
    assert_eq!(stage.shell(clone).code, 0);
    let remote = stage.path("remote").to_string_lossy().into_owned();
    let request = |project: u32, armed: bool| {
        format!(r#"[{{"iid": 3, "source_project_id": {project}, "merge_when_pipeline_succeeds": {armed}}}]"#)
    };
    let stage = stage
        .with("BRANCH", "portbook-weekly")
        .with("GIT_CONFIG_COUNT", "1")
        .with("GIT_CONFIG_KEY_0", &format!("url.{remote}.insteadOf"))
        .with("GIT_CONFIG_VALUE_0", "https://gitlab.example:443/contoso/network.git")
        .with("ANSWER_json", &request(5, true));
    let done = stage.shell(&script("propose"));
    assert_eq!(done.code, 0, "{}", done.said);
    never_shows_the_token(&done);
    let pushed = stage.shell("git --git-dir=\"$STAGE/remote\" show portbook-weekly:rules.csv");
    assert_eq!(pushed.said, "new\n");
    let position = |text: &str| done.calls.iter().position(|call| call.contains(text));
    assert!(position("merge_requests/3/cancel_merge_when_pipeline_succeeds").is_some(), "{:?}", done.calls);
    assert!(position("--request PUT --data-urlencode description@proposal/body.md").is_some());
    assert_eq!(position("auto_merge=true").is_some(), unattended, "{:?}", done.calls);

    // Where nothing is required, it would merge at once.
    let again = "git switch --quiet main && git branch --quiet -D portbook-weekly";
    assert_eq!(stage.shell(again).code, 0);
    let stage = stage.with("ANSWER_required", "false");
    let done = stage.shell(&script("propose"));
    assert!(done.code == 0 && !done.calls.iter().any(|call| call.contains("auto_merge")), "{:?}", done.calls);

    // A merge request from a fork with a branch of the same name is not ours.
    assert_eq!(stage.shell(again).code, 0);
    let stage = stage.with("ANSWER_json", &request(6, true));
    let done = stage.shell(&script("propose"));
    assert!(!done.calls.iter().any(|call| call.contains("merge_requests/3")), "{:?}", done.calls);
    assert!(done.calls.iter().any(|call| call.contains("--request POST --data-urlencode description@")));
}
