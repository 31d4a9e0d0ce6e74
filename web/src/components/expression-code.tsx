import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';

import classes from './expression-code.module.css';

/** A PromQL expression, to be read and copied. */
export function ExpressionCode({ expression, label }: { expression: string; label?: string }) {
  return (
    <div className={classes.box}>
      <pre className={classes.code}>
        <code>{expression}</code>
      </pre>
      <CopyButton value={expression}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? 'Copied' : 'Copy'}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              onClick={copy}
              aria-label={copied ? 'Copied' : `Copy the expression${label ? ` of ${label}` : ''}`}
            >
              {copied ? <IconCheck size={17} aria-hidden /> : <IconCopy size={17} aria-hidden />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </div>
  );
}
