export interface Example { language: string; code: string }

/** The programs of a section of our documentation: each `### Language` with the block of code that follows it. */
export function examplesOf(markdown: string, section: string): Example[] {
  const part = markdown.split(/^## /m).find((one) => one.startsWith(`${section}\n`)) ?? ''
  return [...part.matchAll(/^### (.+)\n+```\w+\n([\s\S]*?)\n```/gm)].map(([, language, code]) => ({ language: language!, code: code! }))
}
