// The routes of monitoring, in the form of the generated schema, until the OpenAPI document has them.
import type { Dashboard, Health, MatrixAnswer, PanelHistory } from '@/api/operator-types';

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
export interface OperatorPaths {
  '/api/monitoring/dashboards': { get: Reading<{ dashboards: Dashboard[] }> };
  '/api/monitoring/query_range': {
    get: Reading<MatrixAnswer, { query: string; start: string; end: string; step: string }>;
  };
  '/api/monitoring/history': {
    get: Reading<PanelHistory, { dashboard: string; panel: string; from: string; to: string }>;
  };
  '/api/monitoring/health': { get: Reading<Health, { hours?: number }> };
}
