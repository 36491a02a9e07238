// How is a segment changed, and who would enter or leave by it?
import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { viewerClock } from '@/api/metricQueries'
import { putSegment, segmentQuery, segmentsQuery } from '@/api/segmentQueries'
import type { Definition } from '@/api/definitionTypes'
import type { Segment } from '@/api/segmentTypes'
import { Notice, Page, PageHeader, useToast } from '@/kit'
import { viewerZone } from '@/kit/time'
import { isStale } from '@/pages/boards/useBoardSave'
import { SegmentLoaded } from '../SegmentLoaded'
import { SegmentsLink } from '../SegmentsLink'
import { definitionFrom, searchOf } from './address'
import { everybody } from './draft'
import { definitionOf } from './shape'
import { Workplace } from './Workplace'

export function EditSegment() {
  const { key } = useParams({ from: '/shell/decide/segments/$key/edit' })
  return (
    <SegmentLoaded segmentKey={key}>
      {(segment) =>
        segment.definition ? (
          <Editor key={key} saved={segment} />
        ) : (
          <Page>
            <PageHeader title={segment.name} above={<SegmentsLink />} />
            <Notice tone="info">
              {segment.is_withheld
                ? 'This segment looks at traits that are withheld from you.'
                : 'This is a list; it has no definition to change.'}
            </Notice>
          </Page>
        )
      }
    </SegmentLoaded>
  )
}

/** A rule always has a definition; the type has lists too. */
const nobodySaid: Definition = { clock: viewerClock, who: everybody }

function Editor({ saved }: { saved: Segment }) {
  const search = useSearch({ from: '/shell/decide/segments/$key/edit' })
  const navigate = useNavigate({ from: '/decide/segments/$key/edit' })
  const [base, setBase] = useState(saved)
  const [name, setName] = useState(saved.name)
  const [note, setNote] = useState(saved.note)
  const leaving = useRef(false)
  const found = definitionFrom(search, viewerZone)
  const first = definitionOf(base.definition, viewerZone) ?? nobodySaid
  const definition = found.definition ?? first
  const isNew = JSON.stringify(definition) !== JSON.stringify(first)
  const isChanged = isNew || name.trim() !== base.name || note.trim() !== base.note
  const leave = () => {
    leaving.current = true
    void navigate({ to: '/decide/segments/$key', params: { key: base.key } })
  }
  const save = useSave(base, leave)
  return (
    <Workplace
      title={`Edit “${base.name}”`}
      draft={{ name, note, definition }}
      onDraft={(change, isTyped) => {
        if (change.name !== undefined) setName(change.name)
        if (change.note !== undefined) setNote(change.note)
        if (change.definition) {
          const next = searchOf(change.definition)
          void navigate({
            search: ({ face }) => ({ face, ...next }),
            replace: isTyped,
            resetScroll: false,
          })
        }
      }}
      search={search}
      onFace={(face) => void navigate({ search: (old) => ({ ...old, face }), resetScroll: false })}
      trouble={found.trouble}
      saved={{ key: base.key, version: base.version }}
      save={{
        words: isNew ? `Save as version ${base.version + 1}` : 'Save the segment',
        run: () => save.mutate({ name, note, definition }),
        isRunning: save.isPending,
        idle: isChanged ? undefined : 'Nothing is changed yet.',
        error: save.error,
        stale: isStale(save.error) && (
          <Stale
            segmentKey={base.key}
            onLatest={(latest) => {
              setBase(latest)
              save.reset()
            }}
          />
        ),
      }}
      onLeave={leave}
      isChanged={() => isChanged && !leaving.current}
    />
  )
}

function useSave(base: Segment, onSaved: () => void) {
  const client = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: ({
      name,
      note,
      definition,
    }: {
      name: string
      note: string
      definition: Definition
    }) =>
      putSegment(base.key, {
        name: name.trim(),
        note: note.trim(),
        definition,
        owner: base.owner,
        revision: base.revision,
      }),
    onSuccess: (segment) => {
      client.setQueryData(segmentQuery(segment.key).queryKey, segment)
      void client.invalidateQueries({ queryKey: segmentsQuery.queryKey })
      void client.invalidateQueries({ queryKey: ['segment preview'] })
      toast.done(
        segment.version > base.version
          ? `Version ${segment.version} of “${segment.name}” counts from now on`
          : `“${segment.name}” is saved`,
      )
      onSaved()
    },
  })
}

interface StaleProps {
  segmentKey: string
  onLatest: (segment: Segment) => void
}

/** Somebody else was faster: theirs is read, ours stays as it was built. */
function Stale({ segmentKey, onLatest }: StaleProps) {
  const latest = useQuery({
    ...segmentQuery(segmentKey),
    queryKey: ['segments', 'latest', segmentKey],
    staleTime: 0,
  })
  return (
    <Notice
      tone="warn"
      action={
        <Button
          variant="default"
          size="xs"
          disabled={!latest.data}
          onClick={() => latest.data && onLatest(latest.data)}
        >
          Go on with mine
        </Button>
      }
    >
      <span role="alert">
        Somebody else changed this segment while you did. What you built is still here, unsaved; it
        would replace theirs.
      </span>
    </Notice>
  )
}
