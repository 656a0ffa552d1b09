import type { UserAdminSummary } from '@/api/generated'
import type { UserMove } from './composables/useUsers'

/** What may be done with an account in its state; nobody judges their own. The server decides again. */
export function movesOf(user: Pick<UserAdminSummary, 'id' | 'status' | 'role'>, ownId: string | undefined): { moves: UserMove[]; flag: boolean } {
  if (user.id === ownId || user.status === 'closed') return { moves: [], flag: false }
  const moves: UserMove[] = []
  if (user.status === 'pending' || user.status === 'rejected') moves.push('approve')
  if (user.status === 'pending') moves.push('reject')
  moves.push('close')
  return { moves, flag: true }
}
