import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import { adminExportCampaigns, adminListBrands, adminListCampaigns, adminListProducts, type AdminListCampaignsData, type BrandRead, type CampaignSummary, type ProductRead } from '@/api/generated'
import { keys } from '@/api/keys'
import { usePagedQuery } from '@/api/usePagedQuery'
import { filtersOf, useExport } from '@/ui/table/useExport'

export type AdminCampaignFilters = Omit<NonNullable<AdminListCampaignsData['query']>, 'cursor'>

/** Campaigns of all sponsors, as filtered and sorted by the server. */
export function useAdminCampaigns(filters: MaybeRefOrGetter<AdminCampaignFilters>) {
  const list = usePagedQuery<CampaignSummary>({
    queryKey: computed(() => keys.list('campaigns', { ...toValue(filters) })),
    queryFn: ({ cursor, signal }) => adminListCampaigns({ query: { ...toValue(filters), cursor }, signal }),
  })
  return { ...list, ...useExport('campaigns', () => adminExportCampaigns({ query: filtersOf(toValue(filters)), parseAs: 'blob' })) }
}

/** The brands of one sponsor and the products of one of them, for a brief that is written in its place. */
export function useSponsorBrands(sponsorId: MaybeRefOrGetter<string | null>, brandId: MaybeRefOrGetter<string | null>) {
  const sponsor = computed(() => toValue(sponsorId) ?? '')
  const brand = computed(() => toValue(brandId) ?? '')
  const brands = usePagedQuery<BrandRead>({
    queryKey: computed(() => keys.list('brands', { sponsor_id: sponsor.value })),
    queryFn: ({ cursor, signal }) => adminListBrands({ query: { sponsor_id: sponsor.value, limit: 100, cursor }, signal }),
    enabled: computed(() => sponsor.value !== ''),
  })
  const products = usePagedQuery<ProductRead>({
    queryKey: computed(() => keys.part('brands', brand.value, 'products')),
    queryFn: ({ cursor, signal }) => adminListProducts({ path: { brand_id: brand.value }, query: { limit: 100, cursor }, signal }),
    enabled: computed(() => brand.value !== ''),
  })
  return { brands: brands.rows, products: products.rows }
}
