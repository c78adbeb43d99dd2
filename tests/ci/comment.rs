//! The one comment of a pull request.

use std::fs;

use super::stage::Stage;

fn stage(text: &str) -> Stage {
    let stage = Stage::new();
    let file = stage.path("temp/summary.md");
    fs::write(&file, text).unwrap();
    stage
        .with("COMMENT_FILE", &file.to_string_lossy())
        .with("REPOSITORY", "contoso/network")
        .with("PULL_REQUEST", "7")
        .with("INPUT_SITE", "sites/hq\" or true.yaml")
}

#[test]
fn the_first_is_written_and_later_ones_replace_it() {
    let first = stage("### Widened (1)\n");
    let done = first.script("action/comment.sh");
    assert_eq!(done.code, 0, "{}", done.said);
    assert!(
        done.calls[1]
            .starts_with("gh api --silent --method POST repos/contoso/network/issues/7/comments -F body=@"),
        "{:?}",
        done.calls
    );
    assert_eq!(first.read("sent"), "<!-- portbook: sites/hq__or_true.yaml -->\n### Widened (1)\n");
    // The program of jq looks for what a bot wrote, and the name of the site cannot change it.
    let jq = r#".[] | select(.user.type == "Bot" and (.body | startswith("<!-- portbook: sites/hq__or_true.yaml -->"))) | .id"#;
    assert_eq!(done.calls[0], format!("gh api --paginate repos/contoso/network/issues/7/comments --jq {jq}"));

    let later = stage("### Narrowed (1)\n").with("ANSWER_comments", "345\n346");
    let done = later.script("action/comment.sh");
    assert!(
        done.calls[1].starts_with(
            "gh api --silent --method PATCH repos/contoso/network/issues/comments/345 -F body=@"
        ),
        "{:?}",
        done.calls
    );
}

#[test]
fn a_token_that_may_not_write_is_a_warning() {
    for word in ["--paginate", "POST"] {
        let done = stage("x").with("FAIL_GH", word).script("action/comment.sh");
        assert_eq!(done.code, 0, "{}", done.said);
        assert!(done.said.contains("::warning title=Portbook::"), "{}", done.said);
    }
}

#[test]
fn what_github_would_not_take_is_not_sent() {
    let long = stage(&"x".repeat(70_000));
    assert_eq!(long.script("action/comment.sh").code, 0);
    assert!(long.read("sent").ends_with("it is in the summary of the job.\n"));
    for (name, value) in
        [("REPOSITORY", "a/b/../../user"), ("PULL_REQUEST", "7/../../x"), ("PULL_REQUEST", "")]
    {
        let done = stage("x").with(name, value).script("action/comment.sh");
        assert!(done.code != 0 && done.calls.is_empty(), "{name}={value}");
    }
}
