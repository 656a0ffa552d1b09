export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger' | 'danger-primary'
export type ButtonSize = 'md' | 'sm'

const base = 'inline-flex items-center justify-center gap-2 rounded border font-medium whitespace-nowrap select-none transition-colors duration-[var(--fast)] hover:no-underline max-md:text-14'

const variants: Record<ButtonVariant, string> = {
  primary: 'bg-accent border-accent text-on-accent hover:bg-accent-hover hover:border-accent-hover',
  secondary: 'bg-raised border-line-strong text-ink hover:bg-hover',
  quiet: 'bg-transparent border-transparent text-ink-2 hover:bg-hover',
  danger: 'bg-transparent border-transparent text-danger hover:bg-hover',
  'danger-primary': 'bg-danger border-danger text-on-bad hover:brightness-95',
}
const off = 'bg-transparent border-line text-ink-off cursor-not-allowed'

export function buttonClass(variant: ButtonVariant, size: ButtonSize, iconOnly: boolean, disabled = false): string {
  const height = size === 'sm' ? 'h-(--h-control-sm)' : 'h-(--h-control)'
  const width = iconOnly ? (size === 'sm' ? 'w-(--h-control-sm) px-0' : 'w-(--h-control) px-0') : size === 'sm' ? 'px-2 max-md:px-3' : 'px-3'
  const look = disabled ? (variant === 'quiet' || variant === 'danger' ? 'border-transparent text-ink-off cursor-not-allowed' : off) : variants[variant]
  return `${base} ${height} ${width} ${look}`
}
