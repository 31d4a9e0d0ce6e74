// Alerts and rules for tests.
import type { Alert, Receiver, Rule, Silence } from '@/api/operator-types';

export function anAlert(change: Partial<Alert> = {}): Alert {
  return {
    fingerprint: 'f-1',
    name: 'RedisDown',
    severity: 'critical',
    state: 'firing',
    labels: { alertname: 'RedisDown', severity: 'critical' },
    annotations: { summary: 'Redis is away', description: 'FlashFit is slower without it.' },
    value: 0,
    expression: 'redis_up == 0',
    rule_id: 'r-1',
    active_at: '2026-05-04T10:00:00Z',
    fired_at: '2026-05-04T10:01:00Z',
    resolved_at: null,
    silenced_by: [],
    inhibited_by: [],
    runbook_url: 'https://flashfit.example/runbook#redisdown',
    ...change,
  };
}

export function aRule(change: Partial<Rule> = {}): Rule {
  return {
    id: 'r-1',
    kind: 'alerting',
    name: 'RedisDown',
    expression: 'redis_up == 0',
    for_seconds: 60,
    keep_firing_for_seconds: 300,
    labels: { severity: 'critical' },
    annotations: { summary: 'Redis is away' },
    source: 'file',
    is_enabled: true,
    state: 'inactive',
    alerts: 0,
    health: 'ok',
    last_error: null,
    evaluated_at: '2026-05-04T10:00:00Z',
    evaluation_seconds: 0.0004,
    ...change,
  };
}

export function aSilence(change: Partial<Silence> = {}): Silence {
  return {
    id: 's-1',
    matchers: [{ name: 'alertname', comparison: '=', value: 'RedisDown' }],
    starts_at: '2026-05-04T09:00:00Z',
    ends_at: '2026-05-04T12:00:00Z',
    weekly: null,
    comment: 'moving Redis',
    created_by: 'ada@example.org',
    created_at: '2026-05-04T09:00:00Z',
    status: 'active',
    alerts: 1,
    ...change,
  };
}

export function aReceiver(change: Partial<Receiver> = {}): Receiver {
  return {
    name: 'post',
    kind: 'smtp',
    place: 'mail.example.org:587',
    is_up: true,
    last_attempt_at: null,
    last_error: null,
    queued: 0,
    ...change,
  };
}
