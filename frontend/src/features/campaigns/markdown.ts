/**
 * The markdown of a brief, for the live preview beside the form: what the server renders (commonmark without pictures and raw
 * HTML), near enough to write by. It gives plain data, drawn as elements, so nothing typed can become markup.
 */
export type Inline =
  | { kind: 'text' | 'code'; text: string }
  | { kind: 'strong' | 'em' | 's'; children: Inline[] }
  | { kind: 'link'; href: string; children: Inline[] }
  | { kind: 'break' }
export type Block =
  | { kind: 'p' | 'h'; children: Inline[] }
  | { kind: 'quote'; blocks: Block[] }
  | { kind: 'list'; ordered: boolean; items: Inline[][] }
  | { kind: 'code'; text: string }
  | { kind: 'rule' }

const marks: [RegExp, 'strong' | 'em' | 's'][] = [
  [/^(\*\*|__)(?=\S)([\s\S]*?\S)\1/, 'strong'],
  [/^~~(?=\S)([\s\S]*?\S)~~/, 's'],
  [/^(\*|_)(?=\S)([\s\S]*?\S)\1(?!\w)/, 'em'],
]
const isSafe = (href: string) => /^(https?:\/\/|mailto:)/i.test(href)

export function inline(text: string): Inline[] {
  const out: Inline[] = []
  let plain = ''
  const flush = () => { if (plain) out.push({ kind: 'text', text: plain }); plain = '' }
  let rest = text
  while (rest) {
    const code = /^`([^`]+)`/.exec(rest)
    const link = /^\[([^\]]+)\]\(([^()\s]+)(?:\s+"[^"]*")?\)/.exec(rest) ?? /^<((?:https?:\/\/|mailto:)[^\s<>]+)>/.exec(rest)
    const hard = /^(?: {2,}|\\)\n/.exec(rest)
    const escaped = /^\\([!-/:-@[-`{-~])/.exec(rest)
    const mark = /\w$/.test(plain) && rest.startsWith('_') ? undefined : marks.map(([pattern, kind]) => ({ found: pattern.exec(rest), kind })).find((one) => one.found)
    if (code) { flush(); out.push({ kind: 'code', text: code[1]! }); rest = rest.slice(code[0].length) }
    else if (link && isSafe(link[2] ?? link[1]!)) { flush(); out.push({ kind: 'link', href: link[2] ?? link[1]!, children: link[2] ? inline(link[1]!) : [{ kind: 'text', text: link[1]! }] }); rest = rest.slice(link[0].length) }
    else if (hard) { flush(); out.push({ kind: 'break' }); rest = rest.slice(hard[0].length) }
    else if (escaped) { plain += escaped[1]!; rest = rest.slice(2) }
    else if (mark?.found) { flush(); out.push({ kind: mark.kind, children: inline(mark.found.at(-1)!) }); rest = rest.slice(mark.found[0].length) }
    else { plain += rest[0]!; rest = rest.slice(1) }
  }
  flush()
  return out
}

const bullet = /^ {0,3}(?:[-*+]|(\d{1,9})[.)])\s+(.*)$/
const starts = (line: string) => bullet.test(line) || /^ {0,3}(#{1,6}\s|>|```|([-*_])(\s*\2){2,}\s*$)/.test(line)

export function blocks(source: string): Block[] {
  const lines = source.replaceAll('\r\n', '\n').split('\n')
  const out: Block[] = []
  let at = 0
  const take = (while_: (line: string) => boolean) => { const from = at; while (at < lines.length && while_(lines[at]!)) at++; return lines.slice(from, at) }
  while (at < lines.length) {
    const line = lines[at]!
    const item = bullet.exec(line)
    const heading = /^ {0,3}#{1,6}\s+(.*?)\s*#*$/.exec(line)
    if (!line.trim()) at++
    else if (line.trimStart().startsWith('```')) {
      at++
      out.push({ kind: 'code', text: take((one) => !one.trimStart().startsWith('```')).join('\n') })
      at++
    } else if (heading) { out.push({ kind: 'h', children: inline(heading[1]!) }); at++ }
    else if (/^ {0,3}([-*_])(\s*\1){2,}\s*$/.test(line)) { out.push({ kind: 'rule' }); at++ }
    else if (/^ {0,3}>/.test(line)) out.push({ kind: 'quote', blocks: blocks(take((one) => /^ {0,3}>/.test(one)).map((one) => one.replace(/^ {0,3}> ?/, '')).join('\n')) })
    else if (item) {
      const ordered = item[1] !== undefined
      const items: string[] = []
      while (at < lines.length) {
        const next = bullet.exec(lines[at]!)
        if (next && (next[1] !== undefined) === ordered) items.push(next[2]!)
        else if (lines[at]!.trim() && !starts(lines[at]!)) items[items.length - 1] += `\n${lines[at]!.trim()}`
        else break
        at++
      }
      out.push({ kind: 'list', ordered, items: items.map(inline) })
    } else {
      const first = lines[at++]!
      out.push({ kind: 'p', children: inline([first, ...take((one) => one.trim() !== '' && !starts(one))].join('\n').trim()) })
    }
  }
  return out
}
