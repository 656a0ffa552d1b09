import { QueryClient } from '@tanstack/vue-query'
import { Problem } from './problem'

/** A refusal is an answer: only what may heal by itself is asked again. */
function mayHeal(failures: number, error: unknown): boolean {
  const problem = Problem.of(error)
  return failures < 2 && (problem.status === 0 || problem.status >= 502)
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: mayHeal, staleTime: 15_000, refetchOnWindowFocus: true },
      mutations: { retry: false },
    },
  })
}
