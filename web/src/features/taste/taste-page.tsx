import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';

import { ButtonLink } from '@/components/links';
import { PageHeader } from '@/components/page-header';
import { tasteQuery } from '@/features/taste/api';
import { Lessons } from '@/features/taste/lessons';
import { Weights } from '@/features/taste/weights';
import { countOf } from '@/lib/format';

export function TastePage() {
  const { tab = 'lessons' } = useSearch({ from: '/signed-in/taste' });
  const navigate = useNavigate({ from: '/taste' });
  const { data: taste } = useQuery(tasteQuery);
  return (
    <>
      <PageHeader
        title="What FlashFit has learned"
        lead={
          taste &&
          (taste.events === 0
            ? 'Nothing yet: it starts from what suits most people.'
            : `From ${countOf(taste.events, 'answer')} of yours. Any of them can be taken back.`)
        }
        actions={
          <ButtonLink to="/style" variant="default">
            Your style
          </ButtonLink>
        }
      />
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) =>
          navigate({ search: { tab: value === 'weights' ? 'weights' : undefined }, replace: true })
        }
      >
        <Tabs.List mb="lg">
          <Tabs.Tab value="lessons">Lessons</Tabs.Tab>
          <Tabs.Tab value="weights">What counts</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="lessons">
          <Lessons />
        </Tabs.Panel>
        <Tabs.Panel value="weights">
          <Weights />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
