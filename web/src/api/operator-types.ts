// What administrators see of the server: its dashboards, its health, its alerts.
import type { components } from '@/api/schema';
import type { Unit } from '@/lib/units';

type Schemas = components['schemas'];

export interface PanelQuery {
  expression: string;
  legend: string;
}
export interface Panel {
  id: string;
  title: string;
  help: string;
  unit: Unit;
  min?: number;
  max?: number;
  queries: PanelQuery[];
}
export interface Dashboard {
  id: string;
  title: string;
  panels: Panel[];
}

/** One series as Prometheus's HTTP API writes it: seconds since 1970, and the value as text. */
export interface MatrixSeries {
  metric: Record<string, string>;
  values: [number, string][];
}
export interface MatrixAnswer {
  status: 'success';
  data: { resultType: 'matrix'; result: MatrixSeries[] };
}
export interface PanelHistory {
  queries: { legend: string; result: MatrixSeries[] }[];
}

export type HealthStatus = 'ok' | 'degraded' | 'failed';
export interface HealthCheck {
  check: string;
  status: HealthStatus;
  detail: string;
  took_ms: number;
  at: string;
  instance: string;
}
export interface HealthChange {
  at: string;
  instance: string;
  check: string;
  status: HealthStatus;
  detail: string;
}
export interface Health {
  now: HealthCheck[];
  changes: HealthChange[];
}

export type Alert = Schemas['Alert'];
export type Alerts = Schemas['AlertList'];
export type AlertState = Schemas['AlertState'];
/** The document leaves open what labels are. */
export type AlertEvent = Omit<Schemas['AlertEvent'], 'labels' | 'annotations'> &
  Pick<Alert, 'labels' | 'annotations'>;
export type AlertEventPage = Omit<Schemas['AlertHistory'], 'items'> & { items: AlertEvent[] };

export type Rule = Schemas['AlertRule'];
export type RuleBody = Required<Schemas['AlertRuleBody']>;
export type RuleGroup = Schemas['AlertRuleGroup'];
export type Rules = Schemas['AlertRuleList'];
export type Firing = Schemas['AlertPreviewFiring'];
export type Preview = Schemas['AlertPreview'];

export type Matcher = Schemas['AlertMatcher'];
export type Weekly = Schemas['AlertSilenceWeekly'];
export type Silence = Schemas['AlertSilence'];
export type SilenceBody = Schemas['AlertSilenceBody'];

export type Receiver = Schemas['AlertReceiver'];
