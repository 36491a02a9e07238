// What needs a person, the gravest first?
import { useRouter } from '@tanstack/react-router'
import type { Attention, Home } from '@/api/types'
import { Icon, type IconName } from '@/kit'
import { counted } from '@/kit/number'
import { useReviewWaiting } from '../know/review/useReviewWaiting'
import classes from './home.module.css'

const order: Attention['severity'][] = ['critical', 'warning', 'info']
const icons: Record<Attention['severity'], IconName> = {
  critical: 'circle-alert',
  warning: 'triangle-alert',
  info: 'info',
}
const words: Record<Attention['severity'], string> = {
  critical: 'Urgent',
  warning: 'Worth a look',
  info: 'For your information',
}

type Item = Pick<Attention, 'severity' | 'message' | 'link'>

export function AttentionList({ home }: { home: Home }) {
  const waiting = useReviewWaiting()
  const items: Item[] = [...home.attention, ...(waiting ? [waiting] : [])].sort(
    (a, b) => order.indexOf(a.severity) - order.indexOf(b.severity),
  )
  if (items.length === 0) {
    return (
      <p className={classes.calm}>
        <Icon name="circle-check" size={16} />
        {settled(home)}
      </p>
    )
  }
  return (
    <ul className={classes.attention}>
      {items.map((item) => (
        <AttentionItem key={item.message} item={item} />
      ))}
    </ul>
  )
}

function settled({ processor }: Home): string {
  if (processor.lag_events === 0) return 'Nothing. Everything that came in is on the profiles.'
  return `Nothing. ${counted(processor.lag_events, 'event')} on the way to the profiles.`
}

function AttentionItem({ item }: { item: Item }) {
  const router = useRouter()
  const inside = /^\/(?![/\\])/.test(item.link)
  const text = (
    <>
      <Icon name={icons[item.severity]} size={16} label={words[item.severity]} />
      <span>{item.message}</span>
    </>
  )
  return (
    <li data-severity={item.severity}>
      {inside ? (
        <a
          href={item.link}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey) return
            event.preventDefault()
            router.history.push(item.link)
          }}
        >
          {text}
          <Icon name="chevron-right" size={14} />
        </a>
      ) : (
        <div>{text}</div>
      )}
    </li>
  )
}
