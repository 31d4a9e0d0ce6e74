import type { Taste } from '@/api/types';
import { formatSigned, sentenceCase } from '@/lib/format';
import { STARTING_POINT } from '@/lib/score';

export interface WeightRow {
  feature: string;
  label: string;
  /** All in percent of the track. */
  zero: number;
  start: number;
  width: number;
  prior: number;
  words: string;
}

/** A change smaller than this is not worth a word. */
const NOTICEABLE = 0.02;

function changeWords(weight: number, prior: number): string {
  const change = weight - prior;
  if (Math.abs(change) < NOTICEABLE) return 'as at the start';
  return `${change > 0 ? 'counts more' : 'counts less'} (${formatSigned(change)})`;
}

/**
 * Bars on one common scale that has room for every weight, every prior, and zero. Where every score
 * starts is no matter of taste, and left out; so is what counts for nothing so far, as most colours and kinds.
 */
export function weightRows(weights: Taste['weights']): WeightRow[] {
  const counts = (value: number) => Math.abs(value) >= NOTICEABLE;
  const features = weights.filter(
    ({ feature, weight, prior }) => feature !== STARTING_POINT && (counts(weight) || counts(prior)),
  );
  const values = features.flatMap(({ weight, prior }) => [weight, prior]);
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const span = high - low || 1;
  const place = (value: number) => ((value - low) / span) * 100;
  return [...features]
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .map(({ feature, label, weight, prior }) => ({
      feature,
      label: sentenceCase(label),
      zero: place(0),
      start: Math.min(place(weight), place(0)),
      width: Math.abs(place(weight) - place(0)),
      prior: place(prior),
      words: changeWords(weight, prior),
    }));
}
