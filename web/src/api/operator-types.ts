// What administrators see of the server: its dashboards, its health, its alerts.
import type { Unit } from '@/lib/units';

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

export type AlertState = 'pending' | 'firing' | 'resolved';
export interface Alert {
  fingerprint: string;
  name: string;
  severity: string;
  state: AlertState;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  value: number;
  expression: string;
  rule_id: string;
  active_at: string;
  fired_at?: string;
  resolved_at?: string;
  silenced_by: string[];
  inhibited_by: string[];
  runbook_url?: string;
}
export interface Alerts {
  alerts: Alert[];
  evaluator: { leading: boolean; evaluated_at?: string; interval_seconds: number };
}
export interface AlertEvent {
  id: string;
  at: string;
  fingerprint: string;
  name: string;
  severity: string;
  state: AlertState;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  value: number;
}
export interface AlertEventPage {
  items: AlertEvent[];
  next_cursor?: string;
}

export interface RuleBody {
  name: string;
  expression: string;
  for_seconds: number;
  keep_firing_for_seconds: number;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  is_enabled: boolean;
}
export interface Rule extends RuleBody {
  id: string;
  kind: 'alerting' | 'recording';
  source: 'file' | 'app' | 'changed';
  state: 'inactive' | 'pending' | 'firing';
  alerts: number;
  health: 'ok' | 'failed' | 'unknown';
  last_error?: string;
  evaluated_at?: string;
  evaluation_seconds?: number;
}
export interface RuleGroup {
  name: string;
  source: 'file' | 'app';
  interval_seconds: number;
  rules: Rule[];
}
export interface Rules {
  groups: RuleGroup[];
  loaded_at: string;
  error?: { message: string; line?: number; column?: number };
}
export interface Firing {
  labels: Record<string, string>;
  active_at: string;
  fired_at: string;
  resolved_at?: string;
  peak_value: number;
  summary: string;
}
export interface Preview {
  from: string;
  to: string;
  step_seconds: number;
  firings: Firing[];
}

export type Comparison = '=' | '!=' | '=~' | '!~';
export interface Matcher {
  name: string;
  comparison: Comparison;
  value: string;
}
export type Day =
  'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';
export interface Weekly {
  days: Day[];
  from: string;
  to: string;
  time_zone: string;
}
export interface SilenceBody {
  matchers: Matcher[];
  starts_at: string;
  ends_at: string;
  weekly?: Weekly;
  comment: string;
}
export interface Silence extends SilenceBody {
  id: string;
  created_by: string;
  created_at: string;
  status: 'pending' | 'active' | 'expired';
  alerts: number;
}

export interface Receiver {
  name: string;
  kind: 'smtp' | 'webhook' | 'alertmanager';
  place: string;
  is_up?: boolean;
  last_attempt_at?: string;
  last_error?: string;
  queued: number;
}
