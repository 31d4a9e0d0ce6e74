// Which alerts a silence means, told before it is made. The server decides in the end.
import type { Alert, Matcher } from '@/api/operator-types';

/** How a label is compared, and how that is said. */
export const COMPARISON_WORDS: Record<string, string> = {
  '=': 'is',
  '!=': 'is not',
  '=~': 'matches',
  '!~': 'does not match',
};

/** Patterns match the whole value. One that the browser cannot read matches nothing here. */
function fits(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(value);
  } catch {
    return false;
  }
}

function holds({ name, comparison, value }: Matcher, labels: Record<string, string>): boolean {
  const label = labels[name] ?? '';
  if (comparison === '=') return label === value;
  if (comparison === '!=') return label !== value;
  return fits(value, label) === (comparison === '=~');
}

export const labelsOf = (alert: Pick<Alert, 'name' | 'labels'>): Record<string, string> => ({
  alertname: alert.name,
  ...alert.labels,
});

/** Alerts that all of the matchers hold for; without a complete matcher none. */
export function meant<A extends Pick<Alert, 'name' | 'labels'>>(
  matchers: readonly Matcher[],
  alerts: readonly A[],
): A[] {
  const complete = matchers.filter(({ name }) => name.trim() !== '');
  if (complete.length === 0) return [];
  return alerts.filter((alert) => complete.every((matcher) => holds(matcher, labelsOf(alert))));
}

export const matcherText = ({ name, comparison, value }: Matcher): string =>
  `${name} ${COMPARISON_WORDS[comparison] ?? comparison} ${value === '' ? 'empty' : value}`;
