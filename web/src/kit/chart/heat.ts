// How strong is the colour of a cell, and how is its text read on it?
import type { CSSProperties } from 'react'

/** A share from 0 to 1 as a tint; above two thirds the tint is as dark as needs light text. */
export function heatStyle(share: number | null): CSSProperties {
  if (share === null) return {}
  const strength = Math.round(Math.min(1, Math.max(0, share)) * 55)
  return { background: `color-mix(in oklab, var(--bar) ${strength}%, var(--paper))` }
}
