import { AppShell, Box, Group, NavLink, ScrollArea, Text, UnstyledButton } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';

import { AccountMenu } from '@/app/account-menu';
import classes from '@/app/layout.module.css';
import { OperatorPlaces } from '@/app/operator-places';
import { PLACES } from '@/app/navigation';
import { Logo } from '@/components/logo';
import { UploadProvider } from '@/features/wardrobe/upload-provider';
import { UploadTray } from '@/features/wardrobe/upload-tray';

/** After a change of page the heading is focused, so that keyboard and screen reader start there. */
function useHeadingFocus(pathname: string) {
  const previous = useRef(pathname);
  useEffect(() => {
    if (previous.current === pathname) return;
    previous.current = pathname;
    const frame = requestAnimationFrame(() =>
      document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true }),
    );
    return () => cancelAnimationFrame(frame);
  }, [pathname]);
}

function Sidebar() {
  return (
    <>
      <AppShell.Section mb="xl" mt={6} ps={6}>
        <UnstyledButton component={Link} to="/wardrobe" aria-label="FlashFit, to the wardrobe">
          <Logo size={36} />
        </UnstyledButton>
      </AppShell.Section>
      <AppShell.Section grow component={ScrollArea}>
        {PLACES.map(({ to, label, icon: Icon }) => (
          <Link key={to} to={to} className={classes.place}>
            <Icon size={21} stroke={1.6} aria-hidden />
            <span>{label}</span>
          </Link>
        ))}
        <OperatorPlaces />
      </AppShell.Section>
      <AppShell.Section>
        <NavLink
          renderRoot={(props) => <Link to="/deleted" {...props} />}
          label="Recently deleted"
          leftSection={<IconTrash size={18} stroke={1.5} aria-hidden />}
          className={classes.minor}
        />
        <AccountMenu isWide />
      </AppShell.Section>
    </>
  );
}

function BottomBar() {
  return (
    <nav className={classes.bottom} aria-label="Main">
      {PLACES.map(({ to, label, short, icon: Icon }) => (
        <Link key={to} to={to} className={classes.tab} aria-label={label}>
          <Icon size={23} stroke={1.6} aria-hidden />
          <Text component="span" fz={11.5} fw={600} lh={1}>
            {short}
          </Text>
        </Link>
      ))}
    </nav>
  );
}

/** The frame around every page of a signed-in person. */
export function Layout() {
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  useHeadingFocus(pathname);
  return (
    <UploadProvider>
      <a href="#content" className="ff-skip">
        Skip to the content
      </a>
      <AppShell
        header={{ height: { base: 56, sm: 0 } }}
        navbar={{ width: 248, breakpoint: 'sm', collapsed: { mobile: true } }}
        footer={{ height: { base: 'calc(62px + env(safe-area-inset-bottom))', sm: 0 } }}
        padding={{ base: 'md', sm: 'xl' }}
      >
        <AppShell.Header hiddenFrom="sm" className={classes.bar}>
          <Group h="100%" px="md" justify="space-between">
            <UnstyledButton component={Link} to="/wardrobe" aria-label="FlashFit, to the wardrobe">
              <Logo size={30} />
            </UnstyledButton>
            <AccountMenu />
          </Group>
        </AppShell.Header>
        <AppShell.Navbar visibleFrom="sm" p="md" className={classes.bar} aria-label="Main">
          <Sidebar />
        </AppShell.Navbar>
        <AppShell.Main id="content">
          <Box maw={1240} mx="auto" pt={{ base: 4, sm: 8 }} pb="xl">
            <Outlet />
          </Box>
        </AppShell.Main>
        <AppShell.Footer hiddenFrom="sm" className={classes.bar}>
          <BottomBar />
        </AppShell.Footer>
      </AppShell>
      <UploadTray />
    </UploadProvider>
  );
}
