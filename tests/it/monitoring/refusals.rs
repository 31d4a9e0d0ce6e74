//! What makes no sense is refused as Prometheus refuses it, and what is not for everybody to everybody else.
use super::{get, made_up, now, post, query, start};
use crate::support::{Answer, Person};

/// Asserts that both addresses refuse with this status and type, and say something containing `about`.
async fn refused(
    admin: &Person,
    (path, form): (&str, Vec<(String, String)>),
    (status, kind, about): (u16, &str, &str),
) {
    let answer = get(admin, &format!("/api/monitoring/{path}"), &form).await;
    let again = get(admin, &format!("/api/monitoring/api/v1/{path}"), &form).await;
    assert_eq!(answer.body, again.body);
    let body = answer.expect(status);
    assert_eq!(body["status"], "error", "{body}");
    assert_eq!(body["errorType"], kind, "{body}");
    let error = body["error"].as_str().unwrap();
    assert!(error.contains(about), "{error:?} says nothing of {about:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_expression_that_makes_no_sense_is_refused_as_prometheus_refuses_it() {
    let (app, admin) = start().await;
    let end = made_up(&app, &admin).await;
    for (expression, time, why) in [
        ("", end.to_string(), "invalid parameter \"query\""),
        ("sum(\n up[", end.to_string(), "line 2"),
        (
            "predict_linear(up[5m], 60)",
            end.to_string(),
            "not supported",
        ),
        ("up", "soon".to_owned(), "invalid parameter \"time\""),
    ] {
        let form = query(expression, &[("time", time)]);
        refused(&admin, ("query", form), (400, "bad_data", why)).await;
    }
    let form = query("odd / on () odd", &[("time", end.to_string())]);
    let why = (422, "execution", "more than one series");
    refused(&admin, ("query", form), why).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chart_that_makes_no_sense_is_refused_as_prometheus_refuses_it() {
    let (_app, admin) = start().await;
    let end = now(&admin).await;
    let bad = "bad_data";
    for (expression, from, step, wanted) in [
        ("up", end + 1, "15", (400, bad, "must not be before")),
        ("up", 0, "0", (400, bad, "zero or negative")),
        ("up", 0, "x", (400, bad, "invalid parameter \"step\"")),
        ("up", end - 11_001, "1s", (400, bad, "11,000 points")),
        ("up[5m]", end, "1", (422, "execution", "range vector")),
        (
            "sum_over_time(vector(1)[20d:1s])",
            end - 60,
            "1",
            (422, "execution", "values"),
        ),
    ] {
        let span = [
            ("start", from.to_string()),
            ("end", end.to_string()),
            ("step", step.to_owned()),
        ];
        let form = query(expression, &span);
        refused(&admin, ("query_range", form), wanted).await;
    }
    let form = query("up", &[]);
    let why = (400, bad, "invalid parameter \"start\"");
    refused(&admin, ("query_range", form), why).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn series_that_cannot_be_meant_are_refused_as_prometheus_refuses_them() {
    let (_app, admin) = start().await;
    let labels = |text: &str| vec![("match[]".to_owned(), text.to_owned())];
    for (path, form, why) in [
        ("series", vec![], "no match[]"),
        ("series", labels("sum(up)"), "no selector"),
        ("labels", labels("up{"), "match[]"),
        ("label/9lives/values", vec![], "invalid label name"),
    ] {
        refused(&admin, (path, form), (400, "bad_data", why)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn monitoring_is_for_administrators() {
    let (app, _admin) = start().await;
    let member = app.register("member@example.org").await;
    let anybody = app.client();
    let paths = [
        "query",
        "query_range",
        "series",
        "labels",
        "label/x/values",
        "metadata",
        "status/buildinfo",
        "dashboards",
        "history?dashboard=system&panel=x",
        "health",
    ];
    for path in paths {
        let inner = ["dashboards", "history", "health"];
        let is_ours = inner.iter().any(|name| path.starts_with(name));
        for base in ["/api/monitoring/", "/api/monitoring/api/v1/"] {
            if is_ours && base.ends_with("v1/") {
                continue;
            }
            let path = format!("{base}{path}");
            member
                .get(&path)
                .await
                .expect_problem(403, "admin-only", "");
            let answer = anybody
                .get(format!("{}{path}", app.url))
                .send()
                .await
                .unwrap();
            Answer::read(answer)
                .await
                .expect_problem(401, "not-signed-in", "");
        }
    }
    post(&member, "/api/monitoring/api/v1/query", &query("1", &[]))
        .await
        .expect_problem(403, "admin-only", "");
}
