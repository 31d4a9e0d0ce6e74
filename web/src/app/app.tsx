// Puts the app together: one query client, one router, one place that decides about problems.
import { MantineProvider } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';

import { createQueryClient } from '@/api/query-client';
import { showProblem } from '@/app/problem-toast';
import { createAppRouter } from '@/app/router';
import { cssVariables, theme } from '@/app/theme';
import { styleNonce } from '@/lib/style-nonce';

function assemble() {
  const queryClient = createQueryClient((problem, { isShown }) => {
    const { pathname, searchStr } = router.state.location;
    const isOutside = pathname.startsWith('/sign-');
    if (problem.isSignedOut && !isOutside) {
      queryClient.clear();
      void router.navigate({ to: '/sign-in', search: { next: pathname + searchStr } });
    } else if (!isShown) {
      showProblem(problem);
    }
  });
  const router = createAppRouter(queryClient);
  return { queryClient, router };
}

export function App() {
  const [{ queryClient, router }] = useState(assemble);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => styleNonce}
    >
      <QueryClientProvider client={queryClient}>
        <ModalsProvider labels={{ confirm: 'Yes', cancel: 'Cancel' }}>
          <Notifications position="top-center" limit={3} containerWidth={420} />
          <RouterProvider router={router} />
        </ModalsProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
