import { computed, inject, provide, useId, type ComputedRef, type InjectionKey } from 'vue'

/** What a Field tells the control inside it, so that label, hint and error are tied to it without the page's help. */
export interface FieldContext {
  id: string
  labelId: string
  describedBy: string | undefined
  invalid: boolean
  required: boolean
  disabled: boolean
}

const key: InjectionKey<ComputedRef<FieldContext>> = Symbol('field')

export function provideField(props: () => { hint?: string; error?: string | null; required?: boolean; disabled?: boolean; hasHint: boolean }) {
  const id = useId()
  const context = computed<FieldContext>(() => {
    const { error, required, disabled, hasHint } = props()
    return {
      id,
      labelId: `${id}-label`,
      describedBy: error || hasHint ? `${id}-hint` : undefined,
      invalid: !!error,
      required: !!required,
      disabled: !!disabled,
    }
  })
  provide(key, context)
  return context
}

export function useField(): ComputedRef<FieldContext> {
  const lone = useId()
  const outer = inject(key, null)
  return outer ?? computed(() => ({ id: lone, labelId: `${lone}-label`, describedBy: undefined, invalid: false, required: false, disabled: false }))
}
