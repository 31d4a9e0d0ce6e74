// Health checks as they are told: the parts of the server in the order in which they matter.
import type { Health, HealthCheck, HealthStatus } from '@/api/operator-types';
import { sentenceCase, wordLabel } from '@/lib/format';

const NAMES: Record<string, string> = {
  http: 'Web server',
  database: 'Database',
  cache: 'Cache',
  models: 'Models',
  index: 'Search index',
  disk: 'Disk',
  receivers: 'Alert receivers',
  clock: 'Clock',
};
const ORDER = Object.keys(NAMES);

export const checkName = (check: string): string => NAMES[check] ?? wordLabel(check);

export const STATUS_WORDS: Record<HealthStatus, string> = {
  ok: 'Fine',
  degraded: 'Degraded',
  failed: 'Failed',
};
const GRAVITY: HealthStatus[] = ['ok', 'degraded', 'failed'];

export interface Part {
  check: string;
  status: HealthStatus;
  /** Why it is not fine, with the instance where there are several. */
  reasons: string[];
  tookMs: number;
}

const placeOf = (check: string) => {
  const place = ORDER.indexOf(check);
  return place < 0 ? ORDER.length : place;
};

/** One entry for each part; with several instances it is as bad as the worst of them. */
export function partsOf(checks: readonly HealthCheck[]): Part[] {
  const names = [...new Set(checks.map(({ check }) => check))];
  const isOneOfMany = new Set(checks.map(({ instance }) => instance)).size > 1;
  return names
    .sort((a, b) => placeOf(a) - placeOf(b) || a.localeCompare(b))
    .map((check) => {
      const all = checks.filter((one) => one.check === check);
      const worst = Math.max(...all.map(({ status }) => GRAVITY.indexOf(status)));
      return {
        check,
        status: GRAVITY[worst] ?? 'failed',
        tookMs: Math.max(...all.map(({ took_ms }) => took_ms)),
        reasons: all
          .filter(({ status, detail }) => status !== 'ok' && detail !== '')
          .map(({ detail, instance }) => (isOneOfMany ? `${instance}: ${detail}` : detail)),
      };
    });
}

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const numberWord = (count: number): string => NUMBERS[count] ?? String(count);

const said = (count: number, singular: string, plural: string) =>
  `${numberWord(count)} ${count === 1 ? singular : plural}`;

/** The whole in one sentence. */
export function verdict(parts: readonly Part[]): { status: HealthStatus; words: string } {
  const failed = parts.filter(({ status }) => status === 'failed').length;
  const degraded = parts.filter(({ status }) => status === 'degraded').length;
  if (failed + degraded === 0) return { status: 'ok', words: 'Everything is fine' };
  if (failed === 0) {
    const words = said(degraded, 'part is degraded', 'parts are degraded');
    return { status: 'degraded', words: sentenceCase(words) };
  }
  const words = [said(failed, 'part has failed', 'parts have failed')];
  if (degraded > 0) words.push(said(degraded, 'is degraded', 'are degraded'));
  return { status: 'failed', words: sentenceCase(words.join(', ')) };
}

/** The newest first. */
export const lastChanges = ({ changes }: Health) =>
  [...changes].sort((a, b) => b.at.localeCompare(a.at));
