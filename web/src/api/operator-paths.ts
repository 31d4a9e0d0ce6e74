// The routes of these pages, in the form of the generated schema, until the OpenAPI document has them.
import type {
  AlertEventPage,
  Alerts,
  Dashboard,
  Health,
  MatrixAnswer,
  PanelHistory,
  Preview,
  Receiver,
  Rule,
  RuleBody,
  Rules,
  Silence,
  SilenceBody,
} from '@/api/operator-types';

interface Json<Body> {
  content: { 'application/json': Body };
}
interface Nothing {
  query?: never;
  path?: never;
}
interface Operation<Answer, Parameters = Nothing> {
  parameters: { header?: never; cookie?: never } & Parameters;
  requestBody?: never;
  responses: { 200: { headers: Record<string, unknown> } & Json<Answer> };
}
type Reading<Answer, Query = Record<string, never>> = Operation<
  Answer,
  { query?: Query; path?: never }
>;
type Acting<Path extends object = Nothing, Answer = never> = Operation<
  Answer,
  Path extends Nothing ? Nothing : { query?: never; path: Path }
>;
type Changing<Body, Answer, Path extends object = Nothing> = Omit<
  Acting<Path, Answer>,
  'requestBody'
> & { requestBody: Json<Body> };
interface ById {
  id: string;
}

export interface OperatorPaths {
  '/api/monitoring/dashboards': { get: Reading<{ dashboards: Dashboard[] }> };
  '/api/monitoring/query_range': {
    get: Reading<MatrixAnswer, { query: string; start: string; end: string; step: string }>;
  };
  '/api/monitoring/history': {
    get: Reading<PanelHistory, { dashboard: string; panel: string; from: string; to: string }>;
  };
  '/api/monitoring/health': { get: Reading<Health, { hours?: number }> };
  '/api/alerts': { get: Reading<Alerts> };
  '/api/alerts/history': {
    get: Reading<AlertEventPage, { limit?: number; cursor?: string; name?: string }>;
  };
  '/api/alerts/rules': { get: Reading<Rules>; post: Changing<RuleBody, Rule> };
  '/api/alerts/rules/{id}': { put: Changing<RuleBody, Rule, ById>; delete: Acting<ById> };
  '/api/alerts/rules/preview': { post: Changing<RuleBody & { hours: number }, Preview> };
  '/api/alerts/rules/reload': { post: Acting<never, Rules> };
  '/api/alerts/silences': {
    get: Reading<{ silences: Silence[] }>;
    post: Changing<SilenceBody, Silence>;
  };
  '/api/alerts/silences/{id}': {
    put: Changing<SilenceBody, Silence, ById>;
    delete: Acting<ById>;
  };
  '/api/alerts/receivers': { get: Reading<{ receivers: Receiver[] }> };
  '/api/alerts/receivers/{name}/test': { post: Acting<{ name: string }> };
}
