const isDay = (day: string) => /^\d{4}-\d{2}-\d{2}$/.test(day)

/** A calendar day of the reader as the moments between which it lies, for a request; nothing for what is no day. */
export function startOf(day: string): string | undefined {
  return isDay(day) ? new Date(`${day}T00:00:00`).toISOString() : undefined
}
/** The first moment after it: the server leaves that one out. */
export function endOf(day: string): string | undefined {
  if (!isDay(day)) return undefined
  const at = new Date(`${day}T00:00:00`)
  at.setDate(at.getDate() + 1)
  return at.toISOString()
}
