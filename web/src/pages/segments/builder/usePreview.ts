// How many customers does a draft come to: roughly at once, exactly a moment later?
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Definition } from '@/api/definitionTypes'
import { previewQuery } from '@/api/segmentQueries'
import type { Preview } from '@/api/segmentTypes'

/** Two clicks in a row are one question. */
const SETTLE_MS = 120

export interface Sized {
  preview: Preview | undefined
  /** It is of the draft before. */
  isOld: boolean
  error: Error | null
  retry: () => void
}

/** Both are asked together; whichever is better is shown, and a newer draft calls the older off. */
export function usePreview(definition: Definition, against?: string): Sized {
  const key = JSON.stringify(definition)
  const [settled] = useDebouncedValue(key, SETTLE_MS)
  const asked = JSON.parse(settled) as Definition
  const exact = useQuery({
    ...previewQuery({ definition: asked, against }),
    placeholderData: keepPreviousData,
  })
  const rough = useQuery({
    ...previewQuery({ definition: asked, against, rough: true }),
    enabled: exact.isPending || exact.isPlaceholderData,
  })
  const isSettled = settled === key
  const isExact = exact.data !== undefined && !exact.isPlaceholderData
  const better = isExact ? exact.data : (rough.data ?? exact.data)
  return {
    preview: better,
    isOld: !isSettled || (!isExact && rough.data === undefined),
    error: exact.error,
    retry: () => void exact.refetch(),
  }
}
