import {
  ActionIcon,
  Avatar,
  Box,
  Menu,
  Text,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core';
import {
  IconDeviceDesktop,
  IconLogout,
  IconMoon,
  IconSun,
  IconTrash,
  IconUser,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import type { User } from '@/api/types';
import { isAdmin, meQuery } from '@/api/session';
import classes from '@/app/layout.module.css';
import { OPERATOR_PLACES } from '@/app/navigation';
import { FiringMark } from '@/app/operator-places';
import { useSignOut } from '@/features/account/api';
import { useFiringCount } from '@/features/alerts/now';
import { countOf } from '@/lib/format';

const SCHEMES = [
  { value: 'light', label: 'Light', icon: IconSun },
  { value: 'dark', label: 'Dark', icon: IconMoon },
  { value: 'auto', label: 'As the device', icon: IconDeviceDesktop },
] as const;

const nameOf = (user?: User) => user?.display_name || user?.email.split('@')[0] || 'You';

/** Where there is no sidebar, the pages for administrators are found here. */
function OperatorItems({ firing }: { firing: number }) {
  return (
    <>
      <Menu.Label>The server</Menu.Label>
      {OPERATOR_PLACES.map(({ to, label, icon: Icon }) => (
        <Menu.Item
          key={to}
          component={Link}
          to={to}
          leftSection={<Icon size={16} aria-hidden />}
          rightSection={to === '/alerts' ? <FiringMark count={firing} /> : undefined}
        >
          {label}
        </Menu.Item>
      ))}
    </>
  );
}

export function AccountMenu({ isWide = false }: { isWide?: boolean }) {
  const { data: user } = useQuery(meQuery);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  const name = nameOf(user);
  const hasOperatorItems = !isWide && isAdmin(user);
  const firing = useFiringCount(hasOperatorItems);
  const avatar = (
    <Avatar size={34} color="mulberry" variant="filled" aria-hidden>
      {name.slice(0, 1).toUpperCase()}
    </Avatar>
  );
  return (
    <Menu position={isWide ? 'top-start' : 'bottom-end'} width={230} shadow="md">
      <Menu.Target>
        {isWide ? (
          <UnstyledButton
            aria-label={`Account of ${name}`}
            display="flex"
            w="100%"
            p="xs"
            bdrs="md"
            style={{ alignItems: 'center', gap: 12 }}
          >
            {avatar}
            <Box miw={0}>
              <Text fw={600} size="sm" truncate>
                {name}
              </Text>
              <Text size="xs" c="dimmed" truncate>
                {user?.email}
              </Text>
            </Box>
          </UnstyledButton>
        ) : (
          <ActionIcon
            variant="transparent"
            size={44}
            aria-label={`Account of ${name}${firing > 0 ? `, ${countOf(firing, 'alert')} firing` : ''}`}
          >
            {avatar}
            {firing > 0 && (
              <span className={classes.mark} aria-hidden>
                {firing}
              </span>
            )}
          </ActionIcon>
        )}
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to="/account" leftSection={<IconUser size={16} aria-hidden />}>
          Account
        </Menu.Item>
        <Menu.Item component={Link} to="/deleted" leftSection={<IconTrash size={16} aria-hidden />}>
          Recently deleted
        </Menu.Item>
        {hasOperatorItems && <OperatorItems firing={firing} />}
        <Menu.Label>Appearance</Menu.Label>
        {SCHEMES.map(({ value, label, icon: Icon }) => (
          <Menu.Item
            key={value}
            role="menuitemradio"
            aria-checked={colorScheme === value}
            leftSection={<Icon size={16} aria-hidden />}
            rightSection={colorScheme === value ? '✓' : undefined}
            onClick={() => setColorScheme(value)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} aria-hidden />}
          onClick={() => signOut.mutate()}
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
