import { VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { isAdmin, meQuery } from '@/api/session';
import classes from '@/app/layout.module.css';
import { OPERATOR_PLACES } from '@/app/navigation';
import { useFiringCount } from '@/features/alerts/now';

/** How many alerts fire, beside the name of their page; nothing while all is quiet. */
export function FiringMark({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <span className={classes.count} data-testid="firing-count">
      {count}
      <VisuallyHidden> firing</VisuallyHidden>
    </span>
  );
}

/** The pages of the sidebar that administrators have besides. */
export function OperatorPlaces() {
  const { data: me } = useQuery(meQuery);
  const firing = useFiringCount(isAdmin(me));
  if (!isAdmin(me)) return null;
  return (
    <>
      <div className={classes.group}>The server</div>
      {OPERATOR_PLACES.map(({ to, label, icon: Icon }) => (
        <Link key={to} to={to} className={classes.place}>
          <Icon size={21} stroke={1.6} aria-hidden />
          <span>{label}</span>
          {to === '/alerts' && <FiringMark count={firing} />}
        </Link>
      ))}
    </>
  );
}
