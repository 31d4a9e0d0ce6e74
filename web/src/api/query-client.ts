// One query client; every failure passes one function that the app provides.
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';

import { type Problem, toProblem } from '@/api/problem';

export interface ProblemContext {
  /** The component shows this failure itself (a form's field errors, a first load). */
  isShown: boolean;
}

declare module '@tanstack/react-query' {
  interface Register {
    mutationMeta: { isShown?: boolean };
    queryMeta: { isShown?: boolean };
  }
}

export function createQueryClient(onProblem: (problem: Problem, context: ProblemContext) => void) {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        // A first load that fails leaves an empty place, and the component fills it with the problem.
        const isShown = query.state.data === undefined || query.meta?.isShown === true;
        onProblem(toProblem(error), { isShown });
      },
    }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, mutation) =>
        onProblem(toProblem(error), { isShown: mutation.meta?.isShown === true }),
    }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (failures, error) => failures < 2 && toProblem(error).isTransient,
        refetchOnWindowFocus: false,
      },
    },
  });
}
