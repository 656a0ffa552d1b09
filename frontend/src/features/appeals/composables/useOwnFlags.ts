import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { accountCreateAppeal, accountListOwnFlags, type OwnFlagRead } from '@/api/generated'
import { keys } from '@/api/keys'
import { usePagedQuery } from '@/api/usePagedQuery'

export type OwnFlag = OwnFlagRead

/** The flags on the own account and campaigns, the latest first, and the one appeal that each may have. */
export function useOwnFlags() {
  const client = useQueryClient()
  const list = usePagedQuery<OwnFlag>({
    queryKey: keys.list('appeals'),
    queryFn: ({ cursor, signal }) => accountListOwnFlags({ query: { cursor }, signal }),
  })
  const appeal = useMutation({
    mutationFn: ({ id, text }: { id: string; text: string }) => accountCreateAppeal({ body: { flag_id: id, text } }),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.all('appeals') }),
  })
  return { ...list, appeal }
}
