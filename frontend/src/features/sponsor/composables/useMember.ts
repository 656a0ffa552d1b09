import { computed } from 'vue'
import { useSession } from '@/state/session'

/** What the signed-in member may do for the sponsor; the server decides again. */
export function useMember() {
  const session = useSession()
  const role = computed(() => String(session.me?.profile?.member_role ?? 'owner'))
  const active = computed(() => session.me?.status === 'active' && !session.me.team_suspended)
  return {
    pending: computed(() => session.me?.status === 'pending'),
    active,
    mayWrite: computed(() => active.value && ['owner', 'manager'].includes(role.value)),
    mayPay: computed(() => active.value && ['owner', 'manager', 'finance'].includes(role.value)),
    mayEditProfile: computed(() => !session.me?.team_suspended && ['owner', 'manager'].includes(role.value)),
    currency: computed(() => String(session.me?.profile?.currency ?? 'EUR')),
    name: computed(() => session.me?.name ?? ''),
    sponsor: computed(() => String(session.me?.profile?.name ?? session.me?.name ?? '')),
  }
}
