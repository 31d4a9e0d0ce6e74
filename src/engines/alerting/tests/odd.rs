//! No file, text or test is so odd that it does anything but say where it is wrong.
use crate::engines::{
    alerting::{Context, RuleFile, Template, TestFile},
    promql::{Labels, Options, Series},
};
use proptest::prelude::*;

const RULES: &str = r#"groups:
  - name: redis
    interval: 1m
    rules:
      - &a
        alert: RedisDown
        expr: |
          redis_up{job="x"} == 0
        for: 1m
        labels: {severity: critical, copy: '{{ $labels.job }}'}
        annotations:
          summary: "{{ $value | humanize }}\tis \"{{ printf \"%.1f\" $value }}\""
          more: >-
            {{ range query "up" }}{{ .Value }}
            {{ end }}
      - <<: *a
        alert: Other
"#;

const TESTS: &str = r"rule_files: [a.yml]
tests:
  - interval: 1m
    input_series:
      - {series: 'redis_up{a=x}', values: 1 0x3 _x2 1+2x5 stale}
    alert_rule_test:
      - {eval_time: 2m, alertname: RedisDown, exp_alerts: [{exp_labels: {a: b}}]}
    promql_expr_test:
      - {expr: up, eval_time: 1m, exp_samples: [{labels: up, value: 1}]}
";

const TEXT: &str = r#"a {{- $x := .Labels.job -}} {{ if gt $value 1.0 }}{{ $x | printf "%5.1f %q" }}{{ else }}{{ with query "up" }}{{ . | first | value | humanizeDuration }}{{ end }}{{ end }}{{/* c */}} {{ range $k, $v := $labels }}{{ $k }}={{ `v` }}{{ end }}"#;

/// Something cut out, and something put in.
fn spoilt(text: &'static str) -> impl Strategy<Value = String> {
    let letters: Vec<char> = text.chars().collect();
    let length = letters.len();
    let odd = "[-:{}\\[\\]\"'|>&*#!%@`,?.$()\\\\ \n\txé<0-9a-e]{0,3}";
    (0..length, 0..6_usize, odd, any::<bool>()).prop_map(move |(at, cut, put, ends)| {
        let after = (at + cut).min(length);
        let rest = if ends { &[] } else { &letters[after..] };
        letters[..at]
            .iter()
            .chain(put.chars().collect::<Vec<_>>().iter())
            .chain(rest)
            .collect()
    })
}

fn render(text: &str) {
    let Ok(template) = Template::parse(text) else {
        return;
    };
    let nothing: Vec<Series> = vec![];
    let context = Context {
        labels: &Labels::new([("job", "web")]),
        value: 1.5,
        store: &nothing,
        at_ms: 0,
        options: &Options::default(),
        external_url: "",
    };
    let _ = template.render(&context);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn files_of_rules(text in spoilt(RULES)) {
        if let Err(error) = RuleFile::parse(&text) {
            prop_assert!(error.line >= 1 && error.line <= text.lines().count() + 1, "{error}");
            prop_assert!(error.column >= 1 && !error.message.is_empty());
        }
        let _ = TestFile::is_one(&text);
    }

    #[test]
    fn files_of_tests(text in spoilt(TESTS)) {
        if let Ok(tests) = TestFile::parse(&text) {
            let _ = tests.run(&[RuleFile::parse(RULES).unwrap()]);
        }
    }

    #[test]
    fn texts(text in spoilt(TEXT)) {
        render(&text);
    }

    #[test]
    fn texts_of_nothing_else(text in "(\\{\\{|\\}\\}|-| |\\.|\\$|x|\\(|\\)|\\||\"|`|/\\*|\\*/|if|end|else|range|:=|=|1|e|,|é|\n){0,20}") {
        render(&text);
    }
}

#[test]
fn what_is_spoilt_here_is_right_before() {
    RuleFile::parse(RULES).unwrap();
    Template::parse(TEXT).unwrap();
    let error = TestFile::parse(TESTS).unwrap_err();
    assert_eq!((error.line, error.column), (5, 18), "{error}");
}

#[test]
fn little_that_means_much_is_refused() {
    let mut text = "a: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..12 {
        let last = n - 1;
        let aliases = vec![format!("*a{last}"); 9].join(", ");
        text.push_str(&format!("b{n}: &a{n} [{aliases}]\n"));
    }
    let error = RuleFile::parse(&text).unwrap_err();
    assert_eq!(error.message, "there is too much in this file");
    for deep in [
        "[".repeat(10_000),
        "{a: ".repeat(10_000),
        "- ".repeat(10_000),
    ] {
        let error = RuleFile::parse(&deep).unwrap_err();
        let words = ["nested", "recursion limit"];
        assert!(
            words.iter().any(|word| error.message.contains(word)),
            "{error}"
        );
    }
    let deep = format!("{{{{ {}1{} }}}}", "(".repeat(5000), ")".repeat(5000));
    assert!(
        Template::parse(&deep)
            .unwrap_err()
            .message
            .contains("nested")
    );
    let deep = "{{ if true }}".repeat(5000);
    assert!(
        Template::parse(&deep)
            .unwrap_err()
            .message
            .contains("nested")
    );
}
