// Rules as they may stand on a bad day.
import type { Preview, Rule, RuleBody, RuleGroup } from '@/api/operator-types';

export const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
export const RUNBOOK = 'https://flashfit.example/docs/runbook.md';

function rule(
  name: string,
  severity: string,
  expression: string,
  summary: string,
  change: Partial<Rule> = {},
): Rule {
  return {
    id: name.toLowerCase(),
    kind: 'alerting',
    name,
    expression,
    for_seconds: 300,
    keep_firing_for_seconds: 300,
    labels: { severity },
    annotations: { summary, runbook_url: `${RUNBOOK}#${name.toLowerCase()}` },
    source: 'file',
    is_enabled: true,
    state: 'inactive',
    alerts: 0,
    health: 'ok',
    last_error: null,
    evaluated_at: ago(0.1),
    evaluation_seconds: 0.0003,
    ...change,
  };
}

export const GROUPS: { name: string; rules: Rule[] }[] = [
  {
    name: 'api',
    rules: [
      rule(
        'ApiSlow',
        'warning',
        'histogram_quantile(0.99, sum by (le, route) (rate(http_request_duration_seconds_bucket[5m]))) > 0.5',
        'Answers of {{ $labels.route }} take {{ $value | humanizeDuration }}',
        { state: 'firing', alerts: 2 },
      ),
      rule(
        'ApiErrors',
        'critical',
        'sum(rate(http_requests_total{status=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.05',
        'More than 5 % of requests fail',
        { state: 'pending', alerts: 1 },
      ),
      rule(
        'ApiNoTraffic',
        'info',
        'sum(rate(http_requests_total[30m])) == 0',
        'Nobody asks anything',
        {
          is_enabled: false,
          source: 'changed',
        },
      ),
    ],
  },
  {
    name: 'stores',
    rules: [
      rule('RedisDown', 'critical', 'redis_up == 0', 'Redis does not answer', {
        for_seconds: 30,
        state: 'firing',
        alerts: 1,
      }),
      rule('DatabaseDown', 'critical', 'db_up == 0', 'PostgreSQL does not answer', {
        for_seconds: 0,
      }),
      rule(
        'DiskAlmostFull',
        'warning',
        'disk_available_bytes / disk_total_bytes < 0.1',
        'Less than a tenth of the disk is free',
      ),
      rule(
        'CacheMisses',
        'warning',
        'cache:hit_ratio:5m < 0.5',
        'The cache answers less than half',
        {
          health: 'failed',
          last_error:
            'many-to-many matching is not allowed: more than one series on the right side',
        },
      ),
    ],
  },
  {
    name: 'recorded',
    rules: [
      rule(
        'cache:hit_ratio:5m',
        '',
        'sum(rate(cache_requests_total{result="hit"}[5m])) / sum(rate(cache_requests_total[5m]))',
        '',
        {
          kind: 'recording',
          labels: {},
          annotations: {},
          for_seconds: 0,
          keep_firing_for_seconds: 0,
        },
      ),
    ],
  },
];
const OWN: Rule[] = [
  rule('TooManyPhotos', 'info', 'recognition_queue_items > 50', 'Photos wait to be recognised', {
    source: 'app',
    annotations: { summary: 'Photos wait to be recognised' },
  }),
];

export function ruleGroups(): RuleGroup[] {
  const file = GROUPS.map((group) => ({ ...group, source: 'file' as const, interval_seconds: 15 }));
  if (OWN.length === 0) return file;
  return [...file, { name: 'own', source: 'app', interval_seconds: 15, rules: OWN }];
}

export function saveRule(id: string, body: RuleBody | undefined): Rule | undefined {
  const known = [...GROUPS.flatMap((group) => group.rules), ...OWN].find((one) => one.id === id);
  if (!body) {
    if (known?.source === 'app') OWN.splice(OWN.indexOf(known), 1);
    else if (known) Object.assign(known, { source: 'file', is_enabled: true });
    return known;
  }
  if (known) {
    const { source } = known;
    return Object.assign(known, body, { source: source === 'file' ? 'changed' : source });
  }
  const added = rule(body.name, '', body.expression, '', { ...body, id, source: 'app' });
  OWN.push(added);
  return added;
}

export function preview(body: RuleBody, hours: number): Preview {
  const minutes = hours * 60;
  const firing = (from: number, to: number | null, route: string, peak_value: number) => ({
    labels: { alertname: body.name, route },
    active_at: ago(minutes * from + body.for_seconds / 60),
    fired_at: ago(minutes * from),
    resolved_at: to === null ? null : ago(minutes * to),
    peak_value,
    summary: (body.annotations.summary ?? '').replace('{{ $labels.route }}', route),
  });
  const isQuiet = body.expression.includes('== 0');
  return {
    from: ago(minutes),
    to: ago(0),
    step_seconds: 15,
    firings: isQuiet
      ? []
      : [
          firing(0.82, 0.76, '/api/recommend', 0.71),
          firing(0.41, 0.3, '/api/recommend', 0.94),
          firing(0.38, 0.32, '/api/recommend/week', 1.6),
          firing(0.04, null, '/api/recommend', 0.83),
        ],
  };
}
