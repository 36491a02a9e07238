// In which order are pairs asked, and do the numbers stand beside the words?
import { Select, Switch } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import classes from './review.module.css'
import { orders } from './reviewSearch'
import type { ReviewQuery } from './useReview'

const from = '/shell/know/duplicates/review'

export function useNumbers() {
  const search = useSearch({ from })
  const set = useSearchChange()
  const numbers = search.numbers === 'shown'
  return { numbers, toggle: () => set({ numbers: numbers ? undefined : 'shown' }) }
}

function useSearchChange() {
  const navigate = useNavigate()
  const search = useSearch({ from })
  return (change: Partial<typeof search>) =>
    void navigate({
      to: '/know/duplicates/review',
      search: { ...search, ...change },
      replace: true,
      resetScroll: false,
    })
}

export function ReviewControls({ query }: { query: ReviewQuery }) {
  const set = useSearchChange()
  const { numbers, toggle } = useNumbers()
  return (
    <div className={classes.controls}>
      <Select
        aria-label="Order"
        data={Object.entries(orders).map(([value, label]) => ({ value, label }))}
        value={query.order}
        onChange={(order) => set({ order: order ?? undefined })}
        w={190}
      />
      <Switch
        label={<Labelled text="Show the numbers" keys="N" />}
        checked={numbers}
        onChange={toggle}
      />
    </div>
  )
}

function Labelled({ text, keys }: { text: string; keys: string }) {
  return (
    <>
      {text} <kbd className={classes.key}>{keys}</kbd>
    </>
  )
}
