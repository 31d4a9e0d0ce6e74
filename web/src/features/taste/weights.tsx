import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';

import { ProblemNote } from '@/components/problem-note';
import { tasteQuery } from '@/features/taste/api';
import { weightRows } from '@/features/taste/weight-rows';

import classes from './weights.module.css';

/** How much each thing counts for this person, beside how much it counts for everybody. */
export function Weights() {
  const taste = useQuery(tasteQuery);
  if (taste.isPending) return <Skeleton h={280} radius="lg" />;
  if (taste.isError) return <ProblemNote error={taste.error} onRetry={taste.refetch} />;
  const rows = weightRows(taste.data.weights);
  return (
    <div className={classes.weights}>
      <Text size="sm" c="dimmed" mb="md">
        The bar is how much it counts for you; the <span className={classes.sample} aria-hidden />{' '}
        mark is where everybody starts. What you say moves the bar away from the mark.
      </Text>
      <ul className={classes.rows} aria-label="What counts, the most first">
        {rows.map((row) => (
          <li key={row.feature} className={classes.row}>
            <Text size="sm">{row.label}</Text>
            <span className={classes.track} aria-hidden>
              <span className={classes.zero} style={{ left: `${row.zero}%` }} />
              <span
                className={classes.bar}
                style={{ left: `${row.start}%`, width: `${row.width}%` }}
              />
              <span className={classes.prior} style={{ left: `${row.prior}%` }} />
            </span>
            <Text size="sm" className={classes.words}>
              {row.words}
            </Text>
          </li>
        ))}
      </ul>
    </div>
  );
}
