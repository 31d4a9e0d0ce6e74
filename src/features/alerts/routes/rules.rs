//! The rules, and what a rule would have found.
use super::{
    wire::{finite, pairs, time},
    wire_rules::{
        AlertPreview, AlertPreviewBody, AlertPreviewFiring, AlertRule, AlertRuleBody,
        AlertRuleFileError, AlertRuleGroup, AlertRuleHealth, AlertRuleList, AlertRuleSource,
        AlertRuleState,
    },
};
use crate::{
    engines::alerting::State,
    features::{
        accounts::Admin,
        alerts::{Alerts, Error},
    },
    platform::http::{Problem, extract::Body},
};
use actix_web::{
    HttpResponse, delete, get, post, put,
    web::{Data, Json, Path},
};

/// Lists every rule with how it fares.
#[utoipa::path(tag = "alerts", responses(
    (status = 200, body = AlertRuleList),
))]
#[get("/alerts/rules")]
pub(super) async fn list_alert_rules(
    _admin: Admin,
    alerts: Data<Alerts>,
) -> Result<Json<AlertRuleList>, Problem> {
    Ok(Json(list(&alerts).await?))
}

/// Adds a rule.
#[utoipa::path(tag = "alerts", request_body = AlertRuleBody, responses(
    (status = 201, body = AlertRule),
))]
#[post("/alerts/rules")]
pub(super) async fn add_alert_rule(
    Admin(admin): Admin,
    alerts: Data<Alerts>,
    Body(body): Body<AlertRuleBody>,
) -> Result<HttpResponse, Problem> {
    let id = alerts.add_rule(admin.id, body.into()).await?;
    Ok(HttpResponse::Created().json(one(&alerts, &id).await?))
}

/// Says what a rule would have found in the past hours.
#[utoipa::path(tag = "alerts", request_body = AlertPreviewBody, responses(
    (status = 200, body = AlertPreview),
))]
#[post("/alerts/rules/preview")]
pub(super) async fn preview_alert_rule(
    _admin: Admin,
    alerts: Data<Alerts>,
    Body(body): Body<AlertPreviewBody>,
) -> Result<Json<AlertPreview>, Problem> {
    let hours = body.hours;
    let preview = alerts.preview(body.into(), hours).await?;
    let firings = preview
        .firings
        .into_iter()
        .map(|firing| AlertPreviewFiring {
            labels: pairs(&firing.labels),
            active_at: time(firing.active_at_ms),
            fired_at: time(firing.fired_at_ms),
            resolved_at: firing.resolved_at_ms.map(time),
            peak_value: finite(firing.peak_value),
            summary: firing.summary,
        });
    Ok(Json(AlertPreview {
        from: time(preview.from_ms),
        to: time(preview.to_ms),
        step_seconds: preview.step_ms as f64 / 1000.0,
        firings: firings.collect(),
    }))
}

/// Reads the rule file again. One that cannot be used leaves the rules before it in force.
#[utoipa::path(tag = "alerts", responses(
    (status = 200, body = AlertRuleList),
))]
#[post("/alerts/rules/reload")]
pub(super) async fn reload_alert_rules(
    _admin: Admin,
    alerts: Data<Alerts>,
) -> Result<Json<AlertRuleList>, Problem> {
    alerts.reload().await?;
    Ok(Json(list(&alerts).await?))
}

/// Changes a rule, or switches it off. A rule of the file is overridden.
#[utoipa::path(tag = "alerts", params(("id" = String, Path)), request_body = AlertRuleBody, responses(
    (status = 200, body = AlertRule),
))]
#[put("/alerts/rules/{id}")]
pub(super) async fn change_alert_rule(
    Admin(admin): Admin,
    alerts: Data<Alerts>,
    id: Path<String>,
    Body(body): Body<AlertRuleBody>,
) -> Result<Json<AlertRule>, Problem> {
    alerts.change_rule(admin.id, &id, body.into()).await?;
    Ok(Json(one(&alerts, &id).await?))
}

/// Deletes a rule; one of the file that was changed is again as the file says.
#[utoipa::path(tag = "alerts", params(("id" = String, Path)), responses(
    (status = 204),
))]
#[delete("/alerts/rules/{id}")]
pub(super) async fn delete_alert_rule(
    Admin(admin): Admin,
    alerts: Data<Alerts>,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    alerts.delete_rule(admin.id, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn list(alerts: &Alerts) -> Result<AlertRuleList, Error> {
    let sight = alerts.see().await?;
    let catalogue = alerts.catalogue();
    let rule = |listed| {
        let mut rule = AlertRule::new(listed);
        let found = sight.alerts.iter().filter(|seen| seen.rule_id == rule.id);
        for seen in found.filter(|seen| seen.alert.state != State::Resolved) {
            rule.alerts += 1;
            rule.state = rule.state.max(match seen.alert.state {
                State::Firing => AlertRuleState::Firing,
                State::Pending => AlertRuleState::Pending,
                State::Resolved => AlertRuleState::Inactive,
            });
        }
        if let Some(health) = sight.health.get(&rule.id).filter(|_| rule.is_enabled) {
            rule.evaluated_at = Some(health.at);
            rule.evaluation_seconds = Some(health.seconds);
            rule.last_error = rule.last_error.or_else(|| health.error.clone());
            rule.health = match rule.last_error {
                Some(_) => AlertRuleHealth::Failed,
                None => AlertRuleHealth::Ok,
            };
        }
        rule
    };
    let groups = catalogue.groups.iter().map(|group| AlertRuleGroup {
        name: group.name.clone(),
        source: match group.is_own {
            true => AlertRuleSource::App,
            false => AlertRuleSource::File,
        },
        interval_seconds: match group.interval_ms {
            Some(ms) => ms as f64 / 1000.0,
            None => alerts.interval_seconds(),
        },
        rules: group.rules.iter().map(rule).collect(),
    });
    let error = catalogue.error.as_ref().map(|error| AlertRuleFileError {
        message: error.message.clone(),
        line: error.position.map(|(line, _)| line),
        column: error.position.map(|(_, column)| column),
    });
    Ok(AlertRuleList {
        groups: groups.collect(),
        loaded_at: catalogue.loaded_at,
        error,
    })
}

async fn one(alerts: &Alerts, id: &str) -> Result<AlertRule, Error> {
    let all = list(alerts).await?.groups.into_iter();
    let found = all.flat_map(|group| group.rules).find(|rule| rule.id == id);
    found.ok_or_else(|| Error::NoRule(id.to_owned()))
}
