// Which comparisons suit what is known, and which of its values were seen?
import { useQuery } from '@tanstack/react-query'
import { seenTraitsQuery } from '@/api/catalogueQueries'
import type { Fact, FactCriterion, FactOp } from '@/api/definitionTypes'
import { countryName } from '@/kit'
import { ValuesForm } from '@/pages/ask/sentence/ValuesForm'
import { countryCodes } from '@/pages/know/countryCodes'
import { fact as factWith } from '../starts'
import { factWords } from '../words'
import { FactForm, type FactKind } from './FactForm'

interface FactOpsProps {
  fact: Fact
  given?: FactCriterion
  onDone: (criterion: FactCriterion) => void
}

export function FactOps({ fact, given, onDone }: FactOpsProps) {
  const seen = useQuery(seenTraitsQuery)
  const isTrait = fact.of === 'trait' || fact.of === 'list'
  const known = isTrait ? seen.data?.traits.find(({ key }) => key === fact.name) : undefined
  const kinds = kindsOf(fact)
  const offered = offers(fact, known?.examples ?? [])
  return (
    <FactForm
      key={known?.kind ?? 'unknown'}
      words={factWords(fact)}
      kind={usualKind(fact, known?.kind) ?? kinds[0] ?? 'text'}
      kinds={kinds}
      given={given}
      values={(chosen, onValues) => (
        <ValuesForm {...{ offered, chosen }} busy={isTrait && seen.isPending} onDone={onValues} />
      )}
      onDone={(op: FactOp) => onDone(factWith(fact, op))}
    />
  )
}

const own: Record<string, FactKind[]> = {
  first_seen: ['date'],
  last_seen: ['date'],
  events: ['number'],
  orders: ['number'],
  revenue: ['number'],
}

function kindsOf(fact: Fact): FactKind[] {
  switch (fact.of) {
    case 'list':
      return ['list']
    case 'relation':
    case 'holding':
      return ['number']
    case 'own':
      return own[fact.name] ?? ['text']
    case 'account':
      // Over all their accounts it is a list; each of its values can be asked for.
      return ['list']
    case 'permission':
    case 'consent':
    case 'segment':
      return ['text']
    default:
      return ['text', 'number', 'date', 'version']
  }
}

function usualKind(fact: Fact, kind: string | undefined): FactKind | undefined {
  if (fact.of !== 'trait') return undefined
  if (kind === 'number') return 'number'
  return kind === 'datetime' ? 'date' : 'text'
}

const said: Record<string, [string, string][]> = {
  permission: [
    ['yes', 'may be written to'],
    ['no', 'may not'],
  ],
  consent: [
    ['granted', 'agreed'],
    ['pending', 'asked, not confirmed'],
    ['denied', 'refused'],
  ],
}

function offers(fact: Fact, examples: string[]): { value: string; note?: string }[] {
  if (fact.of === 'own' && fact.name === 'country') {
    return countryCodes.map((code) => ({ value: code, note: countryName(code) }))
  }
  const known = said[fact.of]
  if (known) return known.map(([value, note]) => ({ value, note }))
  return examples.map((value) => ({ value }))
}
