// Arithmetic of the explanation: what is shown must add up to the score that is shown.

export interface ScorePart {
  feature: string;
  label: string;
  contribution: number;
}

export interface ScoreBar {
  feature: string;
  label: string;
  contribution: number;
  /** Signed share of the largest contribution, -1..1: the length of the bar. None at the start. */
  length: number;
}

/** Where every score starts: neither for an outfit nor against it. */
export const STARTING_POINT = 'base';

/** Below this a contribution would be drawn as nothing. */
const NEGLIGIBLE = 0.005;

const isStart = ({ feature }: Pick<ScorePart, 'feature'>) => feature === STARTING_POINT;

export function sumOf(parts: readonly ScorePart[]): number {
  return parts.reduce((sum, part) => sum + part.contribution, 0);
}

/**
 * Bars: where the score starts, then the weightiest first. What is too small to draw is gathered in one bar, and so is what is
 * missing between the parts and the score, so that the bars always add up to `score`.
 */
export function scoreBars(parts: readonly ScorePart[], score: number): ScoreBar[] {
  const shown = parts.filter((part) => Math.abs(part.contribution) >= NEGLIGIBLE);
  const rest = score - sumOf(shown);
  const rows = shown
    .map(({ feature, label, contribution }) => ({ feature, label, contribution }))
    .sort(
      (a, b) =>
        Number(isStart(b)) - Number(isStart(a)) ||
        Math.abs(b.contribution) - Math.abs(a.contribution),
    );
  if (Math.abs(rest) >= NEGLIGIBLE) {
    rows.push({ feature: 'rest', label: 'Everything else', contribution: rest });
  }
  const drawn = rows.filter((row) => !isStart(row));
  const largest = Math.max(...drawn.map((row) => Math.abs(row.contribution)), Number.MIN_VALUE);
  return rows.map((row) => ({ ...row, length: isStart(row) ? 0 : row.contribution / largest }));
}

/** Two outfits of the same garments are the same idea. */
export function outfitKey(outfit: { items: readonly { item: { id: string } }[] }): string {
  return outfit.items
    .map(({ item }) => item.id)
    .sort()
    .join(' ');
}

/** The first suggestion that was not shown yet. */
export function firstNew<T extends Parameters<typeof outfitKey>[0]>(
  outfits: readonly T[],
  seen: ReadonlySet<string>,
): T | undefined {
  return outfits.find((outfit) => !seen.has(outfitKey(outfit)));
}
