// By what do we know this customer, and how sure are we of it?
import { CopyButton } from './CopyButton'
import { Icon, type IconName } from './Icon'
import classes from './IdentifierChip.module.css'

const icons: Record<string, IconName> = {
  user_id: 'user',
  anonymous_id: 'cookie',
  email: 'mail',
  phone: 'phone',
  device: 'smartphone',
  device_id: 'smartphone',
  crm_id: 'id-card',
  social: 'at-sign',
  account: 'building-2',
}

export function identifierIcon(kind: string): IconName {
  return icons[kind] ?? 'hash'
}

/** "anonymous_id" reads as "anonymous id". */
export function identifierWord(kind: string): string {
  return kind.replaceAll('_', ' ')
}

interface IdentifierChipProps {
  kind: string
  value: string
  verified?: boolean
}

export function IdentifierChip({ kind, value, verified }: IdentifierChipProps) {
  return (
    <span className={classes.chip}>
      <Icon name={identifierIcon(kind)} size={14} label={identifierWord(kind)} />
      <span className={classes.value} title={`${identifierWord(kind)}: ${value}`}>
        <bdi>{value}</bdi>
      </span>
      {verified && (
        <span className={classes.verified} title="Verified: a signed-in session vouched for it">
          <Icon name="check" size={12} label="verified" />
        </span>
      )}
      <CopyButton text={value} what={identifierWord(kind)} />
    </span>
  )
}
