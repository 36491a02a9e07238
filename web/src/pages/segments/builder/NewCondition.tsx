// What else must hold? One list of everything that can be asked, narrowed down by typing.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { seenEventsQuery, seenTraitsQuery } from '@/api/catalogueQueries'
import type { Fact, Node } from '@/api/definitionTypes'
import { segmentsQuery } from '@/api/segmentQueries'
import { percent, traitWords } from '@/kit/chart/words'
import { countShort } from '@/kit/number'
import { Chooser, type Option } from '@/pages/ask/sentence/Chooser'
import { Part } from '@/pages/ask/sentence/Part'
import { useDraft } from './DraftContext'
import { FactOps } from './parts/FactOps'
import { FocusFirst } from './parts/FocusFirst'
import { kinds, KindForm, type Kind } from './newKinds'
import { did, eventNamed, inSegment } from './starts'
import { ownWords, relationWords } from './words'

interface NewConditionPartProps {
  words: string
  within?: 'same'
  onAdd: (node: Node) => void
}

export function NewConditionPart({ words, within, onAdd }: NewConditionPartProps) {
  return (
    <Part words={words} label="Add a condition" quiet width={360}>
      {(close) => (
        <NewCondition
          within={within}
          onDone={(node) => {
            onAdd(node)
            close()
          }}
        />
      )}
    </Part>
  )
}

interface NewConditionProps {
  within?: 'same'
  onDone: (node: Node) => void
}

export function NewCondition({ within, onDone }: NewConditionProps) {
  const [kind, setKind] = useState<Kind | null>(null)
  const [fact, setFact] = useState<Fact | null>(null)
  const offered = useOffers(within)
  if (fact) return <FactOps fact={fact} onDone={onDone} />
  if (kind) {
    return (
      <FocusFirst>
        <KindForm kind={kind} within={within} onFact={setFact} onDone={onDone} />
      </FocusFirst>
    )
  }
  return (
    <Chooser
      label="Which condition"
      placeholder="Find an event, a trait, a segment"
      options={offered.options}
      busy={offered.busy}
      onChoose={(key) => {
        const [what, ...rest] = key.split(':')
        const name = rest.join(':')
        if (what === 'kind') setKind(name as Kind)
        else if (what === 'event') onDone(did(eventNamed(name)))
        else if (what === 'segment') onDone(inSegment(name))
        else setFact({ of: what as 'trait' | 'list' | 'own' | 'relation', name })
      }}
    />
  )
}

/** Everything there is to ask, as it was seen in the data. */
function useOffers(within: 'same' | undefined): { options: Option[]; busy: boolean } {
  const { ownKey } = useDraft()
  const events = useQuery(seenEventsQuery)
  const traits = useQuery(seenTraitsQuery)
  const segments = useQuery(segmentsQuery)
  const group = within ? 'same' : 'any'
  const asked: Option[] = kinds
    .filter((one) => group === 'any' || one.within === 'same')
    .map(({ key, words }) => ({ key: `kind:${key}`, label: words, group: 'Kinds of conditions' }))
  const done = (events.data?.events ?? []).map(({ name, n_events }) => ({
    key: `event:${name}`,
    label: name,
    note: countShort(n_events),
    group: 'What they did',
  }))
  const busy = events.isPending || traits.isPending
  if (within) return { options: [...asked, ...done], busy }
  const known = (traits.data?.traits ?? []).map(({ key, types, share }) => ({
    key: `${types.includes('array') ? 'list' : 'trait'}:${key}`,
    label: traitWords(key),
    note: `${percent(share)} have it`,
    group: 'What is known of them',
  }))
  const named = (of: string, words: Record<string, string>, head: string) =>
    Object.entries(words).map(([name, label]) => ({ key: `${of}:${name}`, label, group: head }))
  const others = (segments.data?.items ?? [])
    .filter(({ key, is_archived }) => !is_archived && key !== ownKey)
    .map(({ key, name, n }) => ({
      key: `segment:${key}`,
      label: name,
      note: countShort(n),
      group: 'Segments',
    }))
  const rest = [
    ...named('own', ownWords, 'What every customer has'),
    ...named('relation', relationWords, 'Their relations'),
  ]
  return { options: [...asked, ...done, ...known, ...others, ...rest], busy }
}
