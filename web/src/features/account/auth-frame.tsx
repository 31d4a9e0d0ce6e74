import { Box, Paper, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';

import { Logo } from '@/components/logo';

import classes from './auth-frame.module.css';

/** The door: the name of the house on one side, the form on the other. */
export function AuthFrame({ title, children }: { title: string; children: ReactNode }) {
  useDocumentTitle(`${title} · FlashFit`);
  return (
    <div className={classes.frame}>
      <Box className={classes.side}>
        <Logo size={38} />
        <div className={classes.words}>
          <p className={classes.claim}>Everything you need is already in your wardrobe.</p>
          <Text className={classes.small}>
            Photograph your clothes, ask what to wear, and say what you think of it. FlashFit learns
            from every answer, and nothing leaves this server.
          </Text>
        </div>
        <Rail />
      </Box>
      <main className={classes.main}>
        <Paper className={classes.card}>
          <Title order={1} mb="lg">
            {title}
          </Title>
          {children}
        </Paper>
      </main>
    </div>
  );
}

const PIECES = ['#ecc06a', '#f4dde5', '#98bb9b', '#cd6a8c', '#fbf0f4', '#d0942a'];

/** A rail of hangers, drawn: decoration only. */
function Rail() {
  return (
    <svg className={classes.rail} viewBox="0 0 600 190" aria-hidden="true" focusable="false">
      <path d="M0 18h600" stroke="#f4dde5" strokeOpacity="0.55" strokeWidth="3" />
      {PIECES.map((colour, index) => (
        <g key={colour} transform={`translate(${60 + index * 92} 12)`} strokeLinecap="round">
          <path
            d="M0 6a6 6 0 1 1 6 6c-4 1-6 3-6 8"
            fill="none"
            stroke="#f4dde5"
            strokeOpacity="0.7"
            strokeWidth="2.5"
          />
          <path
            d={
              index % 2
                ? 'M0 20-34 38c-6 3-8 8-6 16l10 100c1 6 4 8 10 8h40c6 0 9-2 10-8l10-100c2-8 0-13-6-16z'
                : 'M0 20-30 36c-8 4-11 10-13 18l-7 32 16 6 4-14v70c0 5 3 8 8 8h44c5 0 8-3 8-8V78l4 14 16-6-7-32c-2-8-5-14-13-18z'
            }
            fill={colour}
            fillOpacity="0.92"
          />
        </g>
      ))}
    </svg>
  );
}
