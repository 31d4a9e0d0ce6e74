// What administrators see of the server: its dashboards, its health, its alerts, its log.
import type { components } from '@/api/schema';

type Schemas = components['schemas'];

export type Panel = Schemas['Panel'];
export type Dashboard = Schemas['Dashboard'];
export type PanelHistory = Schemas['PanelHistory'];
/** One series as Prometheus's HTTP API writes it: seconds since 1970, and the value as text. */
export type MatrixSeries = Schemas['Line'];

export type HealthStatus = Schemas['Status'];
export type HealthCheck = Schemas['Health'];
export type HealthChange = Schemas['HealthChange'];
export type Health = Schemas['HealthReport'];

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

export type LogLevel = Schemas['LogLevel'];
export type LogLevelBody = Schemas['LogLevelBody'];
