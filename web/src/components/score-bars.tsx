import { Text } from '@mantine/core';

import { formatSigned, sentenceCase } from '@/lib/format';
import { scoreBars, type ScorePart } from '@/lib/score';

import classes from './score-bars.module.css';

interface Props {
  parts: readonly ScorePart[];
  score: number;
  label: string;
}

/** Why the score is what it is: what speaks for grows to the right, what speaks against to the left. */
export function ScoreBars({ parts, score, label }: Props) {
  const bars = scoreBars(parts, score);
  return (
    <div>
      <ul className={classes.bars} aria-label={label}>
        {bars.map((bar) => (
          <li key={bar.feature} className={classes.row}>
            <Text size="sm" className={classes.label}>
              {sentenceCase(bar.label)}
            </Text>
            {bar.length === 0 ? (
              <span />
            ) : (
              <span className={classes.track} aria-hidden>
                <span
                  className={classes.bar}
                  data-sign={bar.length < 0 ? 'against' : 'for'}
                  style={{ width: `${Math.abs(bar.length) * 50}%` }}
                />
              </span>
            )}
            <Text size="sm" className={classes.value}>
              {formatSigned(bar.contribution)}
            </Text>
          </li>
        ))}
      </ul>
      <div className={classes.sum}>
        <Text size="sm" fw={650}>
          Together
        </Text>
        <Text size="sm" fw={650} className={classes.value}>
          {formatSigned(score)}
        </Text>
      </div>
    </div>
  );
}
