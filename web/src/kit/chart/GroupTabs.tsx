// Whose picture is drawn: that of all customers, or of one group?
import type { Group } from '@/api/insightTypes'
import { groupWords } from './words'
import classes from './chart.module.css'

interface GroupTabsProps {
  groups: Group[]
  /** The place of the one that is drawn; null for all customers. */
  chosen: number | null
  onChoose: (place: number | null) => void
}

export function GroupTabs({ groups, chosen, onChoose }: GroupTabsProps) {
  const tabs = [
    { place: null, name: 'All customers' },
    ...groups.map((group, place) => ({ place, name: groupWords(group) })),
  ]
  return (
    <div className={classes.tabs} role="group" aria-label="Whose picture is drawn">
      {tabs.map(({ place, name }) => (
        <button
          key={place ?? 'all'}
          type="button"
          className={classes.tab}
          aria-pressed={place === chosen}
          onClick={() => onChoose(place)}
        >
          <bdi>{name}</bdi>
        </button>
      ))}
    </div>
  )
}
