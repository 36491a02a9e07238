// Where does each bar of a waterfall begin and end?

export interface Weighed {
  bits: number
}

export interface Bar {
  /** Both in [0, 1] of the width, from the left. */
  from: number
  to: number
}

export interface Waterfall {
  bars: Bar[]
  total: Bar
  /** Where the odds are even. */
  zero: number
}

/** Each step begins where the one before it ended; the total is told from even odds. */
export function waterfallOf(steps: Weighed[]): Waterfall {
  const ends: number[] = []
  for (const { bits } of steps) ends.push((ends.at(-1) ?? 0) + bits)
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)]
  const width = high - low || 1
  const place = (bits: number) => (bits - low) / width
  const bars = ends.map((end, i) => ({ from: place(ends[i - 1] ?? 0), to: place(end) }))
  return { bars, total: { from: place(0), to: place(ends.at(-1) ?? 0) }, zero: place(0) }
}
