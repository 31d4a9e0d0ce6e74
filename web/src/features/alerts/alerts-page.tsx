import { Tabs, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';

import { PageHeader } from '@/components/page-header';
import { alertsQuery } from '@/features/alerts/now';
import { AlertsNow } from '@/features/alerts/alerts-now';
import { AlertHistory } from '@/features/alerts/alert-history';
import { evaluatorWords } from '@/features/alerts/evaluator';
import { Receivers } from '@/features/alerts/receivers';
import { Rules } from '@/features/alerts/rules';
import { Silences } from '@/features/alerts/silences';
import { ALERT_TABS, type AlertsSearch } from '@/lib/url-state';

import classes from './alerts.module.css';

type Tab = (typeof ALERT_TABS)[number];

const TITLES: Record<Tab, string> = {
  now: 'Now',
  history: 'History',
  rules: 'Rules',
  silences: 'Silences',
  receivers: 'Receivers',
};

function Lead() {
  const { data, isError } = useQuery(alertsQuery);
  if (!data) return 'What FlashFit watches for, and whom it tells.';
  const { words, isWorrying } = evaluatorWords(data.evaluator, isError);
  return (
    <Text span c={isWorrying ? 'var(--mantine-color-error)' : undefined}>
      {words}
    </Text>
  );
}

export function AlertsPage() {
  const search = useSearch({ from: '/signed-in/operators/alerts' });
  const navigate = useNavigate({ from: '/alerts' });
  const { tab = 'now' } = search;
  const change = (part: AlertsSearch) =>
    navigate({ search: (before) => ({ ...before, ...part }), replace: true });
  return (
    <>
      <PageHeader title="Alerts" lead={<Lead />} />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) =>
          navigate({
            search: { tab: value === 'now' ? undefined : ALERT_TABS.find((one) => one === value) },
            replace: true,
          })
        }
      >
        <Tabs.List mb="lg" className={classes.tabs} aria-label="Alerts">
          {ALERT_TABS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {TITLES[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="now">
          <AlertsNow />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <AlertHistory name={search.name} onName={(name) => change({ name })} />
        </Tabs.Panel>
        <Tabs.Panel value="rules">
          <Rules find={search.find} onFind={(find) => change({ find })} />
        </Tabs.Panel>
        <Tabs.Panel value="silences">
          <Silences />
        </Tabs.Panel>
        <Tabs.Panel value="receivers">
          <Receivers />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
