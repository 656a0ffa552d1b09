import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, toValue, type MaybeRefOrGetter } from 'vue'
import {
  sponsorCreateBrand, sponsorCreateProduct, sponsorDeleteBrand, sponsorDeleteProduct, sponsorEditBrand, sponsorEditProduct, sponsorListBrands, sponsorListProducts,
  sponsorReadBrand, type BrandCreate, type BrandRead, type BrandUpdate, type ProductCreate, type ProductRead, type ProductUpdate,
} from '@/api/generated'
import { keys } from '@/api/keys'
import { Problem } from '@/api/problem'
import { usePagedQuery } from '@/api/usePagedQuery'

export type Brand = BrandRead
export type Product = ProductRead

/** The sponsor's brands, as filtered by the server. */
export function useBrands(filters: MaybeRefOrGetter<{ q?: string; sort?: string; limit?: number }>, enabled: MaybeRefOrGetter<boolean> = true) {
  const query = computed(() => toValue(filters))
  return usePagedQuery<Brand>({
    queryKey: computed(() => keys.list('brands', query.value)),
    queryFn: ({ cursor, signal }) => sponsorListBrands({ query: { ...query.value, cursor }, signal }),
    enabled,
  })
}

/** One brand with the terms that name it. */
export function useBrand(id: MaybeRefOrGetter<string>) {
  const query = useQuery({
    queryKey: computed(() => keys.detail('brands', toValue(id))),
    queryFn: ({ signal }) => sponsorReadBrand({ path: { brand_id: toValue(id) }, signal }),
  })
  return { brand: query.data, loading: query.isPending, error: computed(() => (query.error.value ? Problem.of(query.error.value) : null)), retry: () => void query.refetch() }
}

/** The products of a brand; none while no brand is chosen. */
export function useProducts(brandId: MaybeRefOrGetter<string | null>, filters: MaybeRefOrGetter<{ sort?: string; limit?: number }> = {}) {
  const id = computed(() => toValue(brandId) ?? '')
  return usePagedQuery<Product>({
    queryKey: computed(() => keys.part('brands', id.value, 'products', toValue(filters))),
    queryFn: ({ cursor, signal }) => sponsorListProducts({ path: { brand_id: id.value }, query: { ...toValue(filters), cursor }, signal }),
    enabled: computed(() => id.value !== ''),
  })
}

/** Writing brands and products; campaigns show their names, so those become stale too. */
export function useBrandChanges() {
  const client = useQueryClient()
  const changed = () => {
    void client.invalidateQueries({ queryKey: keys.all('brands') })
    void client.invalidateQueries({ queryKey: keys.all('campaigns') })
  }
  const removed = (id: string) => {
    client.removeQueries({ queryKey: keys.detail('brands', id) })
    void client.invalidateQueries({ queryKey: keys.lists('brands') })
  }
  return {
    create: useMutation({ mutationFn: (body: BrandCreate) => sponsorCreateBrand({ body }), onSuccess: changed }),
    edit: useMutation({ mutationFn: ({ id, body }: { id: string; body: BrandUpdate }) => sponsorEditBrand({ path: { brand_id: id }, body }), onSuccess: changed }),
    remove: useMutation({ mutationFn: (id: string) => sponsorDeleteBrand({ path: { brand_id: id } }), onSuccess: (_, id) => removed(id) }),
    createProduct: useMutation({ mutationFn: ({ brandId, body }: { brandId: string; body: ProductCreate }) => sponsorCreateProduct({ path: { brand_id: brandId }, body }), onSuccess: changed }),
    editProduct: useMutation({
      mutationFn: ({ brandId, id, body }: { brandId: string; id: string; body: ProductUpdate }) => sponsorEditProduct({ path: { brand_id: brandId, product_id: id }, body }),
      onSuccess: changed,
    }),
    removeProduct: useMutation({ mutationFn: ({ brandId, id }: { brandId: string; id: string }) => sponsorDeleteProduct({ path: { brand_id: brandId, product_id: id } }), onSuccess: changed }),
  }
}
