// Which customers shall get a name?
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { viewerClock } from '@/api/metricQueries'
import { createSegment, segmentQuery, segmentsQuery } from '@/api/segmentQueries'
import type { SegmentDraft } from '@/api/segmentTypes'
import { useToast } from '@/kit'
import { viewerZone } from '@/kit/time'
import { definitionFrom, searchOf } from './address'
import { everybody } from './draft'
import { Workplace } from './Workplace'

export function NewSegment() {
  const search = useSearch({ from: '/shell/decide/segments/new' })
  const navigate = useNavigate({ from: '/decide/segments/new' })
  const client = useQueryClient()
  const toast = useToast()
  const leaving = useRef(false)
  const [name, setName] = useState(search.name ?? '')
  const [note, setNote] = useState('')
  const found = definitionFrom(search, viewerZone)
  const definition = found.definition ?? { clock: viewerClock, who: everybody }
  const draft: SegmentDraft = { name, note, definition }

  const create = useMutation({
    mutationFn: () => createSegment({ ...draft, name: name.trim(), note: note.trim() }),
    onSuccess: (segment) => {
      leaving.current = true
      client.setQueryData(segmentQuery(segment.key).queryKey, segment)
      void client.invalidateQueries({ queryKey: segmentsQuery.queryKey })
      toast.done(`“${segment.name}” is a segment`)
      return navigate({ to: '/decide/segments/$key', params: { key: segment.key } })
    },
  })
  return (
    <Workplace
      title="New segment"
      draft={draft}
      onDraft={(change, isTyped) => {
        if (change.name !== undefined) setName(change.name)
        if (change.note !== undefined) setNote(change.note)
        if (change.definition) {
          const next = searchOf(change.definition)
          void navigate({
            search: ({ face, name: first }) => ({ face, name: first, ...next }),
            replace: isTyped,
            resetScroll: false,
          })
        }
      }}
      search={search}
      onFace={(face) => void navigate({ search: (old) => ({ ...old, face }), resetScroll: false })}
      trouble={found.trouble}
      save={{
        words: 'Make the segment',
        run: () => create.mutate(),
        isRunning: create.isPending,
        error: create.error,
      }}
      onLeave={() => {
        leaving.current = true
        void navigate({ to: '/decide/segments' })
      }}
      isChanged={() => !leaving.current && (found.definition !== null || name.trim() !== '')}
    />
  )
}
