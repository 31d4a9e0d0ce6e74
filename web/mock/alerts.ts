// Alerts, silences and receivers as they may stand on a bad day.
import type {
  Alert,
  AlertEvent,
  AlertEventPage,
  Alerts,
  Receiver,
  Silence,
  SilenceBody,
} from '@/api/operator-types';
import { ago, GROUPS, RUNBOOK } from './rules.ts';

const labelled = (name: string, severity: string, more: Record<string, string> = {}) => ({
  alertname: name,
  severity,
  ...more,
});

function alert(name: string, severity: string, change: Partial<Alert>): Alert {
  const all = GROUPS.flatMap((group) => group.rules);
  const from = all.find((one) => one.name === name);
  return {
    fingerprint: `${name}-${JSON.stringify(change.labels ?? {})}`,
    name,
    severity,
    state: 'firing',
    labels: labelled(name, severity),
    annotations: {},
    value: 0,
    expression: from?.expression ?? '',
    rule_id: from?.id ?? '',
    active_at: ago(20),
    fired_at: ago(15),
    resolved_at: null,
    silenced_by: [],
    inhibited_by: [],
    runbook_url: `${RUNBOOK}#${name.toLowerCase()}`,
    ...change,
  };
}

export function alerts(): Alerts {
  const redis = alert('RedisDown', 'critical', {
    annotations: {
      summary: 'Redis does not answer',
      description:
        'FlashFit works without it, only slower: every question goes to the database. Look whether the process runs and the machine has memory left.',
    },
    active_at: ago(14.5),
    fired_at: ago(14),
  });
  const slow = (route: string, value: number) =>
    alert('ApiSlow', 'warning', {
      labels: labelled('ApiSlow', 'warning', { route, method: 'POST' }),
      annotations: { summary: `Answers of ${route} take ${value} s` },
      value,
    });
  const standing = [
    redis,
    alert('DiskAlmostFull', 'warning', {
      state: 'resolved',
      resolved_at: ago(3),
      annotations: { summary: 'Less than a tenth of the disk is free' },
    }),
    slow('/api/recommend', 0.83),
    { ...slow('/api/recommend/week', 1.412), inhibited_by: [redis.fingerprint] },
    alert('ApiErrors', 'critical', {
      state: 'pending',
      fired_at: null,
      active_at: ago(2),
      value: 0.071,
      annotations: { summary: 'More than 5 % of requests fail' },
    }),
  ];
  for (const one of standing) {
    one.silenced_by = silences
      .list()
      .filter(
        ({ status, matchers }) =>
          status === 'active' && matchers.every((m) => one.labels[m.name] === m.value),
      )
      .map(({ id }) => id);
  }
  return {
    alerts: process.env.MOCK_QUIET ? [] : standing,
    evaluator: { leading: true, evaluated_at: ago(0.1), interval_seconds: 15 },
  };
}

export function events(name: string | null): AlertEventPage {
  const event = (
    at: number,
    of: string,
    severity: string,
    state: AlertEvent['state'],
    summary: string,
  ): AlertEvent => ({
    id: `${of}-${at}`,
    at: ago(at),
    fingerprint: of,
    name: of,
    severity,
    state,
    labels:
      of === 'ApiSlow'
        ? labelled(of, severity, { route: '/api/recommend' })
        : labelled(of, severity),
    annotations: { summary },
    value: 1,
  });
  const items = [
    event(14, 'RedisDown', 'critical', 'firing', 'Redis does not answer'),
    event(14.5, 'RedisDown', 'critical', 'pending', 'Redis does not answer'),
    event(15, 'ApiSlow', 'warning', 'firing', 'Answers of /api/recommend take 0.83 s'),
    event(340, 'RedisDown', 'critical', 'resolved', 'Redis does not answer'),
    event(349, 'RedisDown', 'critical', 'firing', 'Redis does not answer'),
    event(2_900, 'DiskAlmostFull', 'warning', 'resolved', 'Less than a tenth of the disk is free'),
    event(3_100, 'DiskAlmostFull', 'warning', 'firing', 'Less than a tenth of the disk is free'),
  ];
  return { items: items.filter((one) => !name || one.name === name), next_cursor: null };
}

function silence(id: string, body: SilenceBody, created: string): Silence {
  const now = new Date().toISOString();
  const status =
    body.ends_at <= now ? 'expired' : (body.starts_at ?? now) > now ? 'pending' : 'active';
  return {
    ...body,
    matchers: body.matchers ?? [],
    comment: body.comment ?? '',
    starts_at: body.starts_at ?? created,
    weekly: body.weekly ?? null,
    id,
    created_by: 'ada@example.org',
    created_at: created,
    status,
    alerts: 0,
  };
}

const kept = new Map<string, { body: SilenceBody; created: string }>([
  [
    'nights',
    {
      created: ago(9_000),
      body: {
        matchers: [
          { name: 'severity', comparison: '=', value: 'warning' },
          { name: 'alertname', comparison: '=~', value: 'Api.*' },
        ],
        starts_at: ago(9_000),
        ends_at: ago(-300_000),
        weekly: {
          days: ['saturday', 'sunday'],
          from: '22:00',
          to: '06:00',
          time_zone: 'Europe/London',
        },
        comment: 'Nobody minds slow answers at weekend nights',
      },
    },
  ],
  [
    'move',
    {
      created: ago(3_000),
      body: {
        matchers: [{ name: 'alertname', comparison: '=', value: 'DiskAlmostFull' }],
        starts_at: ago(3_000),
        ends_at: ago(2_900),
        comment: 'Cleaning up old backups',
      },
    },
  ],
]);

export const silences = {
  list: (): Silence[] => [...kept].map(([id, { body, created }]) => silence(id, body, created)),
  save(id: string, body: SilenceBody): Silence {
    const created = kept.get(id)?.created ?? new Date().toISOString();
    kept.set(id, { body, created });
    return silence(id, body, created);
  },
  end(id: string): void {
    const known = kept.get(id);
    if (known) known.body.ends_at = new Date(Date.now() - 1).toISOString();
  },
};

export const receivers: Receiver[] = [
  {
    name: 'post',
    kind: 'smtp',
    place: 'mail.example.org:587',
    is_up: true,
    last_attempt_at: ago(14),
    last_error: null,
    queued: 0,
  },
  {
    name: 'chat',
    kind: 'webhook',
    place: 'https://chat.example.org/hooks/…',
    is_up: false,
    last_attempt_at: ago(1),
    last_error: 'connection refused',
    queued: 3,
  },
  {
    name: 'shared',
    kind: 'alertmanager',
    place: 'http://alertmanager:9093',
    is_up: null,
    last_attempt_at: null,
    last_error: null,
    queued: 0,
  },
];
