// In which other segment?
import { useQuery } from '@tanstack/react-query'
import { segmentsQuery } from '@/api/segmentQueries'
import { countShort } from '@/kit/number'
import { Chooser } from '@/pages/ask/sentence/Chooser'
import { Part } from '@/pages/ask/sentence/Part'
import type { SpecialProps } from '../criteria/FactSentence'
import { useDraft } from '../DraftContext'
import { inSegment } from '../starts'
import { quoted } from '../words'

export function SegmentPart({ fact, denied, onChange }: SpecialProps<'segment'>) {
  const segments = useQuery(segmentsQuery)
  const name = segments.data?.items.find(({ key }) => key === fact.segment)?.name
  return (
    <>
      {denied ? 'are not in ' : 'are in '}
      <Part words={quoted(name ?? fact.segment)} label="Change the segment">
        {(close) => (
          <SegmentList
            chosen={fact.segment}
            onChoose={(key) => {
              onChange(inSegment(key))
              close()
            }}
          />
        )}
      </Part>
    </>
  )
}

interface SegmentListProps {
  chosen?: string
  onChoose: (key: string) => void
}

export function SegmentList({ chosen, onChoose }: SegmentListProps) {
  const { ownKey } = useDraft()
  const segments = useQuery(segmentsQuery)
  const offered = segments.data?.items.filter(
    ({ key, is_archived }) => !is_archived && key !== ownKey,
  )
  return (
    <Chooser
      label="Which segment"
      placeholder="Find a segment"
      options={(offered ?? []).map(({ key, name, n }) => ({
        key,
        label: name,
        note: countShort(n),
      }))}
      chosen={chosen ? [chosen] : []}
      busy={segments.isPending}
      nothing={
        segments.isError ? 'The list of segments could not be read.' : 'There is no other segment.'
      }
      onChoose={onChoose}
    />
  )
}
