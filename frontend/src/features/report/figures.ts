import type { PostFiguresCreate, PostFiguresRead } from '@/api/generated'

const NEEDED = ['reactions', 'comments', 'shares'] as const
const SENTIMENTS = ['positive', 'negative', 'neutral', 'not_concerned'] as const
export type FigureName = 'views' | (typeof NEEDED)[number] | (typeof SENTIMENTS)[number]
/** The form of a post's figures; null while a field is empty. */
export type Figures = Record<FigureName, number | null>

/** An empty form, or one that holds what is to be corrected. */
export function emptyFigures(from: PostFiguresRead | null = null): Figures {
  const names = ['views', ...NEEDED, ...SENTIMENTS] as const
  return Object.fromEntries(names.map((name) => [name, from?.[name] ?? null])) as Figures
}

/** Fields that still need a number; the four sentiments only once somebody has labelled the comments. */
export const missingOf = (values: Figures, labelled: boolean): FigureName[] => [...NEEDED, ...(labelled ? SENTIMENTS : [])].filter((name) => values[name] === null)

export function bodyOf(values: Figures, { labelled, note, screenshot }: { labelled: boolean; note: string; screenshot: string | null }): PostFiguresCreate {
  const plain = { views: values.views, reactions: values.reactions ?? 0, comments: values.comments ?? 0, shares: values.shares ?? 0 }
  const sentiment = labelled ? Object.fromEntries(SENTIMENTS.map((name) => [name, values[name]])) : {}
  return { ...plain, ...sentiment, note: note.trim(), screenshot_file_id: screenshot }
}
