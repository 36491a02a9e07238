// Is it good, doubtful or bad? Always an icon and a word, colour only besides.
import { Icon, type IconName } from './Icon'
import classes from './Status.module.css'

export type Tone = 'good' | 'warn' | 'bad' | 'quiet' | 'accent'

const icons: Record<Tone, IconName> = {
  good: 'circle-check',
  warn: 'triangle-alert',
  bad: 'circle-alert',
  quiet: 'circle',
  accent: 'radio',
}

interface StatusProps {
  tone: Tone
  children: string
  icon?: IconName
  title?: string
}

export function Status({ tone, children, icon, title }: StatusProps) {
  return (
    <span className={classes.status} data-tone={tone} title={title}>
      <Icon name={icon ?? icons[tone]} size={14} />
      {children}
    </span>
  )
}
