//! schemathesis reads the API's document and sends what it allows, and what it does not.
use crate::{
    client::Person,
    program::{PATIENCE, Place},
    python,
};
use std::process::Stdio;
use tokio::process::Command;

/// Every answer is one that the document describes, and none is a fault of the server.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance";
/// Examples, the limits of every value, and so many values made up for every operation.
const PHASES: &str = "examples,coverage,fuzzing";
const EXAMPLES: &str = "6";
/// A stream does not end; a session that was signed out answers nothing more.
const LEFT_OUT: [&str; 2] = ["/api/wardrobe/events", "/api/auth/logout"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_is_as_the_document_says_whatever_is_asked() {
    let place = Place::new();
    let variables = [("FLASHFIT_HTTP__LOGIN_RATE_PER_MINUTE", "0")];
    let server = place.serve_with(&variables).await;
    // The first is an administrator, for whom every operation is there.
    let token = Person::register(&server.url).await.token().to_owned();
    let packages = python::installed("schemathesis", include_str!("schemathesis.txt"));
    let mut fuzzer = Command::new("python3");
    fuzzer
        .args(["-m", "schemathesis.cli", "--no-color", "run"])
        .arg(format!("{}/api/openapi.json", server.url))
        .args(["--url", &server.url, "--checks", CHECKS])
        .args(["--header", &format!("Authorization: Bearer {token}")])
        .args(["--phases", PHASES, "--max-examples", EXAMPLES])
        .args(["--seed", "20", "--warnings", "off", "--continue-on-failure"])
        .args(LEFT_OUT.iter().flat_map(|path| ["--exclude-path", path]))
        .env("PYTHONPATH", &packages)
        .current_dir(place.path(""))
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let ended = tokio::time::timeout(4 * PATIENCE, fuzzer.output()).await;
    let ended = ended.unwrap().unwrap();
    let said = String::from_utf8_lossy(&ended.stdout);
    let complaints = String::from_utf8_lossy(&ended.stderr);
    assert!(
        packages.exists(),
        "scripts/test installs what this needs (schemathesis)"
    );
    assert!(ended.status.success(), "{said}\n{complaints}");
    assert!(said.contains("Tested:"), "{said}");
    assert!(!place.log().contains("panicked"), "{}", place.log());
}
