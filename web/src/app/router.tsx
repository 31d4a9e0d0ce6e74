// Every address of the app, and what it needs before it is shown.
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';

import { toProblem } from '@/api/problem';
import { meQuery } from '@/api/session';
import { ErrorPage } from '@/app/error-page';
import { Layout } from '@/app/layout';
import { NotFoundPage } from '@/app/not-found-page';
import { OperatorsOnly } from '@/app/operators-only';
import { operationSearch } from '@/lib/operation-search';
import {
  alertsSearch,
  monitoringSearch,
  outfitsSearch,
  parseSearch,
  signInSearch,
  stringifySearch,
  styleSearch,
  tasteSearch,
  wardrobeSearch,
  wearSearch,
} from '@/lib/url-state';

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: Layout,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (!toProblem(error).isSignedOut) throw error;
      throw redirect({
        to: '/sign-in',
        search: { next: location.pathname + location.searchStr },
      });
    }
  },
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/wardrobe' });
  },
});
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import('@/features/account/sign-in-page'), 'SignInPage'),
});
const signUp = createRoute({
  getParentRoute: () => root,
  path: '/sign-up',
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import('@/features/account/sign-up-page'), 'SignUpPage'),
});
const forgot = createRoute({
  getParentRoute: () => root,
  path: '/forgot',
  component: lazyRouteComponent(() => import('@/features/account/forgot-page'), 'ForgotPage'),
});
const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset',
  component: lazyRouteComponent(() => import('@/features/account/reset-page'), 'ResetPage'),
});
const wardrobe = createRoute({
  getParentRoute: () => signedIn,
  path: '/wardrobe',
  validateSearch: wardrobeSearch,
  component: lazyRouteComponent(() => import('@/features/wardrobe/wardrobe-page'), 'WardrobePage'),
});
const item = createRoute({
  getParentRoute: () => signedIn,
  path: '/wardrobe/$itemId',
  component: lazyRouteComponent(() => import('@/features/wardrobe/item-page'), 'ItemPage'),
});
const deleted = createRoute({
  getParentRoute: () => signedIn,
  path: '/deleted',
  component: lazyRouteComponent(() => import('@/features/wardrobe/deleted-page'), 'DeletedPage'),
});
const wear = createRoute({
  getParentRoute: () => signedIn,
  path: '/wear',
  validateSearch: wearSearch,
  component: lazyRouteComponent(() => import('@/features/outfits/wear-page'), 'WearPage'),
});
const week = createRoute({
  getParentRoute: () => signedIn,
  path: '/week',
  component: lazyRouteComponent(() => import('@/features/outfits/week-page'), 'WeekPage'),
});
const outfits = createRoute({
  getParentRoute: () => signedIn,
  path: '/outfits',
  validateSearch: outfitsSearch,
  component: lazyRouteComponent(() => import('@/features/outfits/outfits-page'), 'OutfitsPage'),
});
const taste = createRoute({
  getParentRoute: () => signedIn,
  path: '/taste',
  validateSearch: tasteSearch,
  component: lazyRouteComponent(() => import('@/features/taste/taste-page'), 'TastePage'),
});
const style = createRoute({
  getParentRoute: () => signedIn,
  path: '/style',
  validateSearch: styleSearch,
  component: lazyRouteComponent(() => import('@/features/style/style-page'), 'StylePage'),
});
const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/account',
  component: lazyRouteComponent(() => import('@/features/account/account-page'), 'AccountPage'),
});
const operators = createRoute({
  getParentRoute: () => signedIn,
  id: 'operators',
  component: OperatorsOnly,
});
const monitoring = createRoute({
  getParentRoute: () => operators,
  path: '/monitoring',
  validateSearch: monitoringSearch,
  component: lazyRouteComponent(
    () => import('@/features/monitoring/monitoring-page'),
    'MonitoringPage',
  ),
});
const alerts = createRoute({
  getParentRoute: () => operators,
  path: '/alerts',
  validateSearch: alertsSearch,
  component: lazyRouteComponent(() => import('@/features/alerts/alerts-page'), 'AlertsPage'),
});
const operation = createRoute({
  getParentRoute: () => operators,
  path: '/operation',
  validateSearch: operationSearch,
  component: lazyRouteComponent(
    () => import('@/features/operation/operation-page'),
    'OperationPage',
  ),
});

const routeTree = root.addChildren([
  home,
  signIn,
  signUp,
  forgot,
  reset,
  signedIn.addChildren([
    wardrobe,
    item,
    deleted,
    wear,
    week,
    outfits,
    taste,
    style,
    account,
    operators.addChildren([monitoring, alerts, operation]),
  ]),
]);

export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    basepath: '/app',
    context: { queryClient },
    parseSearch,
    stringifySearch,
    defaultErrorComponent: ErrorPage,
    defaultPreload: 'intent',
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
