// What did we send, and what became of it?
import type { Message } from '@/api/types'
import { Icon, RelativeTime, Status, type IconName, type Tone } from '@/kit'
import classes from './profile.module.css'
import { ShortList } from './ShortList'

const states: Record<string, { tone: Tone; icon?: IconName }> = {
  bounced: { tone: 'bad' },
  unsubscribed: { tone: 'bad', icon: 'ban' },
  marked_as_spam: { tone: 'bad' },
  opened: { tone: 'good', icon: 'eye' },
  clicked: { tone: 'good', icon: 'mouse-pointer-click' },
}

export function Messages({ messages }: { messages: Message[] }) {
  if (messages.length === 0) return <p className="muted">Nothing was sent that we know of.</p>
  return (
    <ShortList
      items={messages}
      render={(message) => <MessageLine key={message.id} message={message} />}
    />
  )
}

function MessageLine({ message }: { message: Message }) {
  const state = states[message.status] ?? { tone: 'quiet' as const }
  const at = message.sent_at ?? message.delivered_at ?? message.opened_at
  const word = message.status.replaceAll('_', ' ')
  return (
    <li className={classes.line}>
      <span className={classes.main}>
        {message.channel === 'email' && <Icon name="mail" size={14} label="e-mail" />}{' '}
        <bdi>{message.subject ?? message.campaign ?? 'No subject'}</bdi>
      </span>
      <span className={classes.end}>
        <Status tone={state.tone} icon={state.icon}>
          {word.charAt(0).toUpperCase() + word.slice(1)}
        </Status>
      </span>
      <span className={classes.sub}>
        {at && <RelativeTime at={at} />}
        {message.campaign && message.subject && `, ${message.campaign}`}
      </span>
    </li>
  )
}
