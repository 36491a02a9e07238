// Into which groups does the answer fall? By what events say, or by what is known of customers.
import { useQuery } from '@tanstack/react-query'
import { seenPropertiesQuery, seenTraitsQuery } from '@/api/catalogueQueries'
import type { Breakdown, GroupBy } from '@/api/insightTypes'
import { fieldWords } from '@/kit/chart/words'
import { Chooser } from './Chooser'
import { channelOffer, keyOf, propertyOptions, usual } from './fields'
import { Part } from './Part'

interface GroupPartProps {
  breakdown: Breakdown | null | undefined
  /** The event whose fields are offered. */
  event: string | undefined
  onChange: (breakdown: Breakdown | null) => void
  /** Also the channel of the visit; or only what is known of customers. */
  offers?: 'channel' | 'fields' | 'traits'
  after?: string
}

/** Six have colours that are told apart; the rest is "other". */
const GROUPS = 6
const NOTHING = 'nothing'

export function GroupPart(props: GroupPartProps) {
  const { breakdown, event, onChange, offers = 'fields', after } = props
  return (
    <Part
      words={breakdown ? `by ${fieldWords(breakdown.by)}` : 'all together'}
      label="Change the groups"
      quiet={!breakdown}
      after={after}
    >
      {(close) => (
        <Groups
          by={breakdown?.by}
          {...{ event, offers }}
          onChoose={(by) => {
            onChange(by && { by, n_groups: GROUPS })
            close()
          }}
        />
      )}
    </Part>
  )
}

interface GroupsProps extends Pick<GroupPartProps, 'event'> {
  by: GroupBy | undefined
  offers: 'channel' | 'fields' | 'traits'
  onChoose: (by: GroupBy | null) => void
}

function Groups({ by, event, offers, onChoose }: GroupsProps) {
  const properties = useQuery(seenPropertiesQuery(event))
  const traits = useQuery(seenTraitsQuery)
  const seen = offers === 'traits' ? [] : (properties.data?.properties ?? [])
  const offered: { by: GroupBy; label: string; group: string; note?: string }[] = [
    ...(offers === 'channel' ? [channelOffer] : []),
    ...usual(seen),
    ...(traits.data?.traits ?? []).map(({ key }) => ({
      by: { of: 'trait' as const, name: key },
      label: key.replaceAll('_', ' '),
      group: 'What is known of the customer',
    })),
    ...propertyOptions(seen),
  ]
  const options = offered.map(({ by, ...option }) => ({ key: keyOf(by), ...option }))
  const choose = (key: string) => onChoose(offered.find((one) => keyOf(one.by) === key)?.by ?? null)
  return (
    <Chooser
      label="Change the groups"
      placeholder={offers === 'traits' ? 'Find a trait' : 'Find a property or trait'}
      options={[{ key: NOTHING, label: 'All together' }, ...options]}
      chosen={[by ? keyOf(by) : NOTHING]}
      onChoose={choose}
      busy={properties.isPending || traits.isPending}
    />
  )
}
