import { Modal, Stack, Table, Text } from '@mantine/core';

import type { Panel } from '@/api/operator-types';
import { ExpressionCode } from '@/components/expression-code';
import { isEmpty, summaryOf } from '@/components/time-chart/frame';
import type { PanelData } from '@/features/monitoring/api';
import { fillWindow, type Range, STRETCHES } from '@/lib/time-range';
import { formatUnit } from '@/lib/units';

import classes from './monitoring.module.css';

interface Props {
  panel: Panel;
  range: Range;
  data?: PanelData;
  isOpen: boolean;
  onClose: () => void;
}

const COLUMNS = ['last', 'min', 'mean', 'max'] as const;
const WORDS = { last: 'Last', min: 'Lowest', mean: 'Mean', max: 'Highest' };

function Values({ panel, data }: { panel: Panel; data: PanelData }) {
  return (
    <div className={classes.values}>
      <Table verticalSpacing={6} horizontalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Line</Table.Th>
            {COLUMNS.map((column) => (
              <Table.Th key={column} ta="end">
                {WORDS[column]}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.frame.lines.map((line, at) => {
            const summary = summaryOf(line);
            return (
              <Table.Tr key={at}>
                <Table.Td className={classes.lineName}>{line.label}</Table.Td>
                {COLUMNS.map((column) => (
                  <Table.Td key={column} ta="end" className={classes.number}>
                    {summary[column] === null ? '–' : formatUnit(summary[column], panel.unit)}
                  </Table.Td>
                ))}
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </div>
  );
}

/** What stands behind a chart: the questions it asks, and its values in numbers. */
export function PanelDetails({ panel, range, data, isOpen, onClose }: Props) {
  const { label, stepSeconds } = STRETCHES[range];
  return (
    <Modal opened={isOpen} onClose={onClose} title={panel.title} size="lg">
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          These expressions ask for it; Prometheus and Grafana understand them as well.
        </Text>
        {panel.queries.map((query, at) => (
          <div key={at}>
            <Text size="sm" fw={600} mb={4}>
              {query.legend || 'Every series'}
            </Text>
            <ExpressionCode
              expression={fillWindow(query.expression, stepSeconds)}
              label={query.legend}
            />
          </div>
        ))}
        {data && !isEmpty(data.frame) && (
          <div>
            <Text size="sm" fw={600} mb={4}>
              The last {label} in numbers
            </Text>
            <Values panel={panel} data={data} />
          </div>
        )}
      </Stack>
    </Modal>
  );
}
