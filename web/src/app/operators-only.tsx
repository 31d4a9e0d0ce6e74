import { IconLock } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';

import { isAdmin, meQuery } from '@/api/session';
import { EmptyState } from '@/components/empty-state';
import { ButtonLink } from '@/components/links';
import { PageHeader } from '@/components/page-header';

/** Pages for administrators; the server refuses everybody else as well. */
export function OperatorsOnly() {
  const { data: me } = useQuery(meQuery);
  if (!me) return null;
  if (isAdmin(me)) return <Outlet />;
  return (
    <>
      <PageHeader title="For administrators" />
      <EmptyState
        icon={<IconLock size={32} stroke={1.4} />}
        title="This page is not yours to see"
        action={<ButtonLink to="/wardrobe">To the wardrobe</ButtonLink>}
      >
        It shows how the server is doing. Whoever runs it can make you an administrator, should you
        need to know.
      </EmptyState>
    </>
  );
}
