//! What the metrics say of it.
use crate::{
    alerts::{firing, message, receiver, send},
    sink::{Answer, Sink},
};
use flashfit::platform::telemetry;

#[tokio::test]
async fn attempts_are_counted_and_the_dead_are_known() {
    let exporter = telemetry::exporter().unwrap();
    let group = message(vec![firing("A", "a")], 0);
    let bad = Sink::that(Answer::Status(500, ""));
    // Of this kind, none but this test counts what is given up.
    let one = receiver(&format!("kind = 'alertmanager'\nurl = '{}'", bad.url));
    send(&one, &group).await.unwrap_err();
    one.count_dropped();
    let served = exporter.render();
    for line in [
        "alert_notifications_total{receiver_kind=\"alertmanager\",outcome=\"dropped\"} 1",
        "alert_notifications_total{receiver_kind=\"alertmanager\",outcome=\"failed\"} ",
        "alert_receiver_up{receiver=\"one\"} ",
    ] {
        assert!(served.contains(line), "{line} in\n{served}");
    }
}
