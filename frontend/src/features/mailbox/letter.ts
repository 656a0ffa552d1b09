export type Piece = { text: string; to?: string; href?: string }

/** A mail's words with its addresses made into links: those of this site open in the page. */
export function piecesOf(text: string, origin: string): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (const found of text.matchAll(/https?:\/\/[^\s<>"]+/g)) {
    const address = found[0].replace(/[.,;:)]+$/, '')
    if (found.index > from) pieces.push({ text: text.slice(from, found.index) })
    const url = URL.canParse(address) ? new URL(address) : null
    const own = url !== null && (url.origin === origin || ['127.0.0.1', 'localhost'].includes(url.hostname))
    pieces.push(own ? { text: address, to: url.pathname + url.search + url.hash } : { text: address, href: address })
    from = found.index + address.length
  }
  if (from < text.length) pieces.push({ text: text.slice(from) })
  return pieces
}
