// What is a file called that was made from a card?

/** "orders-by-week-2026-03-09.csv": what it is, and of when. */
export function fileName(title: string, at: string, ending: string): string {
  const plain = title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '')
  return `${plain || 'card'}-${at.slice(0, 10)}.${ending}`
}
