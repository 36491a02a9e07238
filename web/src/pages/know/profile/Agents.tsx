// With which devices does this customer come?
import type { Customer } from '@/api/types'
import { Icon, RelativeTime } from '@/kit'
import classes from './profile.module.css'

const PHONES = ['smartphone', 'mobile', 'phone', 'mobilephone', 'tablet']

export function Agents({ agents }: { agents: Customer['agents'] }) {
  return (
    <ul className={classes.lines}>
      {agents.map((agent) => {
        const words = [agent.browser, agent.os].filter(Boolean).join(' on ')
        const isPhone = PHONES.includes((agent.device ?? '').toLowerCase())
        return (
          <li key={`${words} ${agent.device}`} className={classes.line}>
            <span className={classes.main}>
              <Icon name={isPhone ? 'smartphone' : 'monitor'} size={14} />{' '}
              {words || agent.device || 'Not recognised'}
            </span>
            <span className={classes.end}>
              <RelativeTime at={agent.last_seen} />
            </span>
          </li>
        )
      })}
    </ul>
  )
}
