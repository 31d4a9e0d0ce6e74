import { Skeleton, Tabs } from '@mantine/core';
import { IconChartLine } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';

import type { Dashboard } from '@/api/operator-types';
import { EmptyState } from '@/components/empty-state';
import { PageHeader } from '@/components/page-header';
import { ProblemNote } from '@/components/problem-note';
import { dashboardsQuery } from '@/features/monitoring/api';
import { HealthStrip } from '@/features/monitoring/health-strip';
import { PanelCard } from '@/features/monitoring/panel-card';
import { TimeControls } from '@/features/monitoring/time-controls';
import type { MonitoringSearch } from '@/lib/url-state';

import classes from './monitoring.module.css';

function Panels({
  dashboard,
  search,
}: {
  dashboard: Dashboard;
  search: Required<Pick<MonitoringSearch, 'range' | 'refresh'>>;
}) {
  return (
    <div className={classes.panels}>
      {dashboard.panels.map((panel) => (
        <PanelCard key={panel.id} dashboard={dashboard.id} panel={panel} {...search} />
      ))}
    </div>
  );
}

function Waiting() {
  return (
    <div className={classes.panels} aria-hidden>
      {[0, 1, 2, 3].map((index) => (
        <Skeleton key={index} h={310} radius="lg" />
      ))}
    </div>
  );
}

export function MonitoringPage() {
  const search = useSearch({ from: '/signed-in/operators/monitoring' });
  const navigate = useNavigate({ from: '/monitoring' });
  const { range = '1h', refresh = '1m' } = search;
  const dashboards = useQuery(dashboardsQuery);
  const shown = dashboards.data?.find(({ id }) => id === search.dashboard) ?? dashboards.data?.[0];
  const change = (part: MonitoringSearch) =>
    navigate({ search: (before) => ({ ...before, ...part }), replace: true });
  return (
    <>
      <PageHeader title="Monitoring" lead="How FlashFit is doing, as it measures itself." />
      <HealthStrip refresh={refresh} />
      {dashboards.isPending && <Waiting />}
      {dashboards.isError && !dashboards.data && (
        <ProblemNote
          error={dashboards.error}
          title="The dashboards could not be loaded"
          onRetry={dashboards.refetch}
        />
      )}
      {dashboards.data && !shown && (
        <EmptyState icon={<IconChartLine size={32} stroke={1.4} />} title="No dashboards">
          This server has none to show.
        </EmptyState>
      )}
      {dashboards.data && shown && (
        <Tabs
          value={shown.id}
          keepMounted={false}
          onChange={(id) =>
            change({ dashboard: id && id !== dashboards.data[0]?.id ? id : undefined })
          }
        >
          <div className={classes.bar}>
            <Tabs.List className={classes.tabs} aria-label="Dashboards">
              {dashboards.data.map(({ id, title }) => (
                <Tabs.Tab key={id} value={id}>
                  {title}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <TimeControls
              range={range}
              refresh={refresh}
              onRange={(next) => change({ range: next === '1h' ? undefined : next })}
              onRefresh={(next) => change({ refresh: next === '1m' ? undefined : next })}
            />
          </div>
          <Tabs.Panel value={shown.id}>
            <Panels key={shown.id} dashboard={shown} search={{ range, refresh }} />
          </Tabs.Panel>
        </Tabs>
      )}
    </>
  );
}
