interface Pending {
  key: string
  body: string
  at: number
}
/** Later than this, the lists have long shown what became of it, and the same again is meant so. */
const FOR_MS = 30 * 60_000
/** What was sent and not answered, by name: it outlives the dialog that asked, which may be closed and opened again. */
const unanswered = new Map<string, Pending>()

/**
 * The Idempotency-Key of what a person means to do, so that a lost answer never does it twice: the same body keeps its key until
 * there is an answer (also in a dialog that was opened anew), another body is another intent.
 */
export function useIntent(name: string, newKey: () => string = () => crypto.randomUUID()) {
  return {
    keyFor(body: unknown): string {
      const same = JSON.stringify(body)
      const pending = unanswered.get(name)
      if (pending?.body === same && Date.now() - pending.at < FOR_MS) return pending.key
      const key = newKey()
      unanswered.set(name, { key, body: same, at: Date.now() })
      return key
    },
    /** The server has answered: doing the same again is meant so. */
    answered: () => void unanswered.delete(name),
  }
}
