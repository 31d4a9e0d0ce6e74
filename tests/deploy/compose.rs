//! The Compose files: valid, whole, and doing what they promise where that needs no engine.
use crate::{
    env_example, nginx,
    program::{Ended, PATIENCE, Place},
    root, text_of, yaml,
};
use serde_json::{Value as Json, json};
use std::{collections::BTreeMap, process::Stdio, time::Duration};
use tokio::process::Command;

const PRODUCTION: &str = "docker-compose.production.yml";
pub(crate) const FILES: [&str; 2] = [PRODUCTION, "docker-compose.dev.yml"];
/// As docker compose 2.40.3 carries it.
const SCHEMA: &str = include_str!("compose-spec.json");

fn load(file: &str) -> Json {
    yaml::filled(&yaml::load(&text_of(file)), &env_example::filled_in()).unwrap()
}

fn services(document: &Json) -> impl Iterator<Item = (&String, &Json)> {
    document["services"].as_object().unwrap().iter()
}

/// The service that flashfit's tests may start outside a container, too.
fn production(service: &str) -> Json {
    load(PRODUCTION)["services"][service].take()
}

#[test]
fn they_are_what_the_specification_describes() {
    let schema = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for file in FILES {
        let mut document = load(file);
        let errors = validator.iter_errors(&document);
        let errors: Vec<String> = errors
            .map(|e| format!("{}: {e}", e.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{file}: {errors:#?}");
        let service = document["services"].as_object_mut().unwrap();
        let service = service.values_mut().next().unwrap();
        service["imagee"] = json!("x");
        assert!(!validator.is_valid(&document), "{file}");
    }
}

#[test]
fn passwords_must_be_chosen() {
    let document = yaml::load(&text_of(PRODUCTION));
    for name in ["POSTGRES_PASSWORD", "REDIS_PASSWORD"] {
        let mut given = env_example::filled_in();
        given.insert(name.to_owned(), String::new());
        let error = yaml::filled(&document, &given).unwrap_err();
        assert!(
            error.starts_with(&format!("{name}: choose a password")),
            "{error}"
        );
    }
}

/// What a path of a volume is, when it is one of this machine.
fn mounted(volume: &Json) -> Option<String> {
    let source = match volume.as_str() {
        Some(text) => text.split_once(':')?.0,
        None => volume["source"].as_str()?,
    };
    source.starts_with('.').then(|| source.to_owned())
}

#[test]
fn what_they_mount_is_there() {
    // The operator's own, which docs/deployment.md says how to make.
    let own = [
        "./tls/fullchain.pem",
        "./tls/privkey.pem",
        "./tls/operators",
    ];
    let mut seen = 0;
    for file in FILES {
        let document = load(file);
        for (name, service) in services(&document) {
            for volume in service["volumes"].as_array().into_iter().flatten() {
                let Some(path) = mounted(volume) else {
                    continue;
                };
                seen += 1;
                let is_there = root().join(&path).exists() || own.contains(&path.as_str());
                assert!(is_there, "{file}: {name} mounts {path}, which is not there");
            }
        }
    }
    assert!(seen > 5, "{seen}");
    for path in own {
        assert!(
            text_of("docs/deployment.md").contains(path.trim_start_matches("./")),
            "{path}"
        );
    }
}

#[test]
fn named_volumes_and_networks_are_declared_and_used() {
    for file in FILES {
        let document = load(file);
        let declared = |kind: &str| -> Vec<String> {
            let map = document[kind].as_object();
            map.into_iter()
                .flatten()
                .map(|(name, _)| name.clone())
                .collect()
        };
        let mut used = vec![];
        for (_, service) in services(&document) {
            for volume in service["volumes"].as_array().into_iter().flatten() {
                let text = volume.as_str().unwrap_or_default();
                let name = text.split_once(':').map_or("", |(name, _)| name);
                if !name.is_empty() && !name.starts_with('.') {
                    used.push(name.to_owned());
                }
            }
        }
        used.sort();
        used.dedup();
        let mut volumes = declared("volumes");
        volumes.sort();
        assert_eq!(used, volumes, "{file}");
    }
}

#[test]
fn nothing_but_the_proxy_takes_a_port_of_its_own_choice() {
    let document = load(PRODUCTION);
    for (name, service) in services(&document) {
        for port in service["ports"].as_array().into_iter().flatten() {
            let port = port.as_str().unwrap();
            let is_free = port.starts_with("127.0.0.1::");
            assert!(name == "proxy" || is_free, "{name} binds {port}");
        }
        assert_eq!(
            service["container_name"],
            Json::Null,
            "{name} cannot be scaled"
        );
    }
    // Each instance has a folder of its own.
    assert_eq!(
        document["services"]["flashfit"]["volumes"],
        json!(["/var/lib/flashfit"])
    );
}

#[test]
fn every_service_is_bounded_watched_restarted_and_its_log_turns() {
    let document = load(PRODUCTION);
    for (name, service) in services(&document) {
        let resources = &service["deploy"]["resources"];
        for kind in ["limits", "reservations"] {
            for what in ["cpus", "memory"] {
                assert!(resources[kind][what].is_string(), "{name}: {kind} {what}");
            }
        }
        assert!(service["healthcheck"]["test"].is_array(), "{name}");
        assert_eq!(service["restart"], "unless-stopped", "{name}");
        assert!(
            service["logging"]["options"]["max-size"].is_string(),
            "{name}"
        );
        assert_eq!(
            service["security_opt"],
            json!(["no-new-privileges:true"]),
            "{name}"
        );
    }
    let profile = |name: &str| document["services"][name]["profiles"].clone();
    assert_eq!(profile("proxy"), json!(["proxy"]));
    for name in ["prometheus", "grafana", "alertmanager"] {
        assert_eq!(profile(name), json!(["observability"]));
    }
    for name in ["flashfit", "postgres", "redis"] {
        assert_eq!(profile(name), Json::Null);
    }
}

/// The files as they are mounted, read by the tools of those who will read them.
#[test]
fn what_prometheus_and_alertmanager_are_given_is_valid() {
    for (name, tool, words) in [
        ("prometheus", "promtool", vec!["check", "config"]),
        ("alertmanager", "amtool", vec!["check-config"]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let service = production(name);
        for volume in service["volumes"].as_array().unwrap() {
            let volume: Vec<&str> = volume.as_str().unwrap().split(':').collect();
            if let [source, target, "ro"] = volume[..] {
                let target = target.strip_prefix(&format!("/etc/{name}/")).unwrap();
                fs_err::copy(root().join(source), folder.path().join(target)).unwrap();
            }
        }
        let output = std::process::Command::new(tool)
            .args(words)
            .arg(folder.path().join(format!("{name}.yml")))
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
    }
}

/// What the dashboards and their provider ask for is what Grafana is given.
#[test]
fn grafana_finds_its_dashboards_and_where_their_numbers_are() {
    let text = production("grafana")["volumes"].to_string();
    let source = yaml::load(&text_of("config/grafana/datasource.compose.yml"));
    let source = &source["datasources"][0];
    assert_eq!(source["url"], "http://prometheus:9090");
    let provider = yaml::load(&text_of(
        "config/grafana/provisioning/dashboards/flashfit.yml",
    ));
    let path = provider["providers"][0]["options"]["path"]
        .as_str()
        .unwrap();
    assert!(
        text.contains(&format!("dashboards:{path}:ro")),
        "{path} in {text}"
    );
    let mut seen = 0;
    for entry in fs_err::read_dir(root().join("config/grafana/dashboards")).unwrap() {
        let text = fs_err::read_to_string(entry.unwrap().path()).unwrap();
        let uid = source["uid"].as_str().unwrap();
        assert!(text.contains(&format!("\"uid\": \"{uid}\"")));
        seen += 1;
    }
    assert_eq!(seen, 4);
}

/// The environment of a service.
fn environment(service: &Json) -> BTreeMap<String, String> {
    let map = service["environment"].as_object().unwrap();
    let text = |value: &Json| match value.as_str() {
        Some(text) => text.to_owned(),
        None => value.to_string(),
    };
    map.iter()
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
}

#[tokio::test]
async fn flashfit_understands_the_environment_it_is_given() {
    let place = Place::new();
    let mut command = place.command(&["config"]);
    command.envs(environment(&production("flashfit")));
    let text = Ended::of(&mut command).await.expect_success();
    for line in [
        "http.trust_proxy = true",
        "http.secure_cookies = true",
        "log.format = \"json\"",
        "database.url = \"***\"  # environment (Phase 2 name)",
        "cache.url = \"***\"  # environment (Phase 2 name)",
    ] {
        assert!(text.contains(line), "no {line} in:\n{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_asks_for_the_password_and_flashfit_gives_it() {
    let service = production("redis");
    let mut command: Vec<String> = serde_json::from_value(service["command"].clone()).unwrap();
    let port = nginx::free_port();
    let script = command.last_mut().unwrap();
    *script += &format!(" --port {port} --bind 127.0.0.1");
    let folder = tempfile::tempdir().unwrap();
    let mut redis = Command::new(&command[0])
        .args(&command[1..])
        .envs(environment(&service))
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let check = service["healthcheck"]["test"][1].as_str().unwrap();
    let check = check.replace("redis-cli", &format!("redis-cli -p {port}"));
    let healthy = async |password: Option<&str>| {
        let mut command = Command::new("sh");
        command.args(["-c", &check]).envs(environment(&service));
        if let Some(password) = password {
            command.env("REDIS_PASSWORD", password);
        }
        command.output().await.unwrap().status.success()
    };
    let waiting = async {
        while !healthy(None).await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap();
    assert!(!healthy(Some("another")).await);

    let place = Place::new();
    let doctor = async |password: &str| {
        let mut command = place.command(&["doctor"]);
        command.envs(environment(&production("flashfit")));
        command
            .env("REDIS_HOST", "127.0.0.1")
            .env("REDIS_PORT", port.to_string());
        command.env("REDIS_PASSWORD", password);
        // Of the database there is none here, and nobody waits for it.
        command
            .env("DATABASE_URL", "postgres://127.0.0.1:1/no")
            .env_remove("POSTGRES_HOST");
        Ended::of(&mut command).await.stdout
    };
    let text = doctor(&environment(&service)["REDIS_PASSWORD"]).await;
    assert!(text.contains("ok    cache: Redis answers"), "{text}");
    let text = doctor("another").await;
    assert!(text.contains("FAIL  cache"), "{text}");
    redis.kill().await.unwrap();
}
