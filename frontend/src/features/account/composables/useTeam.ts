import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import {
  sponsorCreateTeamInvitation, sponsorListTeamInvitations, sponsorListTeamMembers, sponsorRemoveTeamMember, sponsorUpdateTeamMember, sponsorWithdrawTeamInvitation, type InvitationCreate,
} from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'

export const memberRoles = ['owner', 'manager', 'finance', 'viewer'] as const
export type MemberRole = (typeof memberRoles)[number]

/** The sponsor's members, and those who are asked to join. Invitations are the owner's business. */
export function useTeam(mayManage: () => boolean) {
  const client = useQueryClient()
  const members = useQuery({ queryKey: keys.list('team', { members: true }), queryFn: ({ signal }) => sponsorListTeamMembers({ signal }) })
  const invitations = useQuery({ queryKey: keys.list('team', { invitations: true }), queryFn: ({ signal }) => sponsorListTeamInvitations({ signal }), enabled: computed(mayManage) })
  const changed = () => void client.invalidateQueries({ queryKey: keys.all('team') })
  return {
    members: computed(() => members.data.value?.items ?? []),
    invitations: computed(() => invitations.data.value?.items ?? []),
    loading: members.isPending,
    error: computed(() => (members.error.value ? Problem.of(members.error.value) : null)),
    retry: () => void members.refetch(),
    invite: useMutation({ mutationFn: (body: InvitationCreate) => sponsorCreateTeamInvitation({ body }), onSuccess: changed }),
    withdraw: useMutation({ mutationFn: (id: string) => sponsorWithdrawTeamInvitation({ path: { invitation_id: id } }), onSuccess: changed }),
    change: useMutation({ mutationFn: ({ id, role }: { id: string; role: MemberRole }) => sponsorUpdateTeamMember({ path: { member_id: id }, body: { role } }), onSuccess: changed }),
    remove: useMutation({ mutationFn: (id: string) => sponsorRemoveTeamMember({ path: { member_id: id } }), onSuccess: changed }),
  }
}
