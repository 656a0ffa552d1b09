import { computed, inject, provide, shallowRef, watch, type InjectionKey } from 'vue'
import { useI18n } from 'vue-i18n'
import { useForm } from '@/forms/useForm'
import { useSession } from '@/state/session'
import { bodyOf, changesOf, emptyBrief, valuesOf } from '../brief'
import { campaignSchema, type BriefInput, type BriefOutput } from '../schema'
import { useCampaignSurface } from '../surface'
import type { Campaign } from '../types'
import { useCampaignChanges } from './useCampaign'

/** The values as the steps bind them: what a person has still to say may be null. */
export type BriefValues = Omit<BriefInput, 'budget' | 'starts_on' | 'ends_on'> & { budget: number | null; starts_on: string | null; ends_on: string | null }

/** The form behind the wizard and the settings of a campaign: `campaign` null writes a new one. */
export function useBriefForm({ campaign, draft, guard, done }: { campaign: () => Campaign | null; draft?: string; guard?: boolean; done?: (saved: Campaign) => void }) {
  const { t } = useI18n()
  const session = useSession()
  const surface = useCampaignSurface()
  const { create, edit } = useCampaignChanges()
  const saved = campaign()
  const initial = saved
    ? valuesOf(saved)
    : emptyBrief({
        currency: surface.sponsor()?.currency || String(session.me?.profile?.currency ?? 'EUR'),
        timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        disclosure: t('campaigns.defaults.disclosure'),
        tags: t('campaigns.defaults.tags').split(' '),
      })

  /** What the person saw when they began, or last sent: only what differs from it is theirs to change. */
  const base = shallowRef(saved ? bodyOf(initial as BriefOutput) : null)

  const form = useForm({
    schema: campaignSchema,
    initial,
    draft,
    guard,
    submit: async (values: BriefOutput): Promise<Campaign> => {
      const known = campaign()
      const body = bodyOf(values)
      if (!known || !base.value) return create.mutateAsync(body)
      const changes = changesOf(base.value, body)
      const result = Object.keys(changes).length ? await edit.mutateAsync({ id: known.id, version: known.version, body: changes }) : known
      base.value = body
      return result
    },
    done,
  })
  const values = form.values as unknown as BriefValues
  /** An amount's error may be told of the whole or of its parts. */
  const error = (name: string) => form.error(name) ?? form.error(`${name}.amount`) ?? form.error(`${name}.currency`)
  // Products belong to the brand.
  watch(() => values.brand_id, (now, before) => { if (before !== undefined && now !== before) values.product_ids = [] })
  const fixedCurrency = computed(() => { const known = campaign(); return known !== null && known.status !== 'draft' })
  const changes = computed(() => {
    const parsed = campaignSchema.safeParse(form.current())
    return parsed.success && base.value ? Object.keys(changesOf(base.value, bodyOf(parsed.data))) : []
  })
  /** Back to what is saved. */
  function restart(from: Campaign) {
    base.value = bodyOf(valuesOf(from) as BriefOutput)
    form.reset(valuesOf(from))
  }
  return { ...form, values, error, fixedCurrency, changes, restart }
}
export type BriefForm = ReturnType<typeof useBriefForm>

const key: InjectionKey<BriefForm> = Symbol('brief form')
export const provideBriefForm = (form: BriefForm) => provide(key, form)
/** For the steps, which bind to the one form above them. */
export function useBriefFields(): BriefForm {
  const form = inject(key)
  if (!form) throw new Error('no brief form above')
  return form
}
