import { Tabs } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';

import { PageHeader } from '@/components/page-header';
import { AuditLog } from '@/features/operation/audit-log';
import { LogLevelPanel } from '@/features/operation/log-level';
import { OPERATION_TABS } from '@/lib/operation-search';

import classes from './operation.module.css';

const TITLES: Record<(typeof OPERATION_TABS)[number], string> = {
  audit: 'Audit log',
  log: 'Log level',
};

export function OperationPage() {
  const { tab = 'audit', ...filters } = useSearch({ from: '/signed-in/operators/operation' });
  const navigate = useNavigate({ from: '/operation' });
  return (
    <>
      <PageHeader
        title="Operation"
        lead="Who did what with which account, and what the server logs."
      />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) =>
          navigate({ search: { tab: value === 'log' ? 'log' : undefined }, replace: true })
        }
      >
        <Tabs.List mb="lg" className={classes.tabs} aria-label="Operation">
          {OPERATION_TABS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {TITLES[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="audit">
          <AuditLog
            filters={filters}
            onFilter={(wanted) => navigate({ search: wanted, replace: true })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="log">
          <LogLevelPanel />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
