// What stands where an answer is not there (yet)? Empty, failed, or on its way.
import { Button } from '@mantine/core'
import { useEffect, useState, type ReactNode } from 'react'
import { Icon, type IconName } from './Icon'
import classes from './states.module.css'

interface EmptyStateProps {
  icon?: IconName
  title: string
  children?: ReactNode
  action?: ReactNode
  /** It stands for the whole page: its title is the page's heading. */
  asPage?: boolean
}

/** Says what will be here, why it is empty, and offers the one step that fills it. */
export function EmptyState(props: EmptyStateProps) {
  const { icon = 'circle', title, children, action, asPage = false } = props
  return (
    <div className={classes.state}>
      <Icon name={icon} size={24} className={classes.icon} />
      <Title text={title} asPage={asPage} />
      {children && <div className={classes.words}>{children}</div>}
      {action && <div className={classes.action}>{action}</div>}
    </div>
  )
}

interface ErrorStateProps {
  /** What could not be done, in words: "The customers could not be read". */
  what: string
  error: unknown
  onRetry?: () => void
  asPage?: boolean
}

function Title({ text, asPage }: { text: string; asPage: boolean }) {
  if (asPage) return <h1 className={classes.title}>{text}</h1>
  return <h2 className={classes.title}>{text}</h2>
}

/** Says what happened, what it means, and what to do. */
export function ErrorState({ what, error, onRetry, asPage = false }: ErrorStateProps) {
  const { message, hint } = described(error)
  return (
    <div className={classes.state} role="alert">
      <Icon name="circle-alert" size={24} className={classes.bad} />
      <Title text={what} asPage={asPage} />
      <div className={classes.words}>
        <p>{message}</p>
        {hint && <p>{hint}</p>}
      </div>
      {onRetry && (
        <div className={classes.action}>
          <Button variant="default" onClick={onRetry}>
            Try again
          </Button>
        </div>
      )}
    </div>
  )
}

/** The words of a failure, whoever threw it. */
export function described(error: unknown): { message: string; hint: string | null } {
  if (error instanceof Error) {
    const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : null
    return { message: error.message, hint }
  }
  return { message: String(error), hint: null }
}

interface SkeletonProps {
  height?: number | string
  width?: number | string
  lines?: number
}

/** A place holder of the right size. Nothing is drawn in the first 100 ms. */
export function Skeleton({ height = 16, width = '100%', lines = 1 }: SkeletonProps) {
  const visible = useAfter(100)
  return (
    <div className={classes.skeletons} aria-hidden>
      {Array.from({ length: lines }, (_, line) => (
        <div
          key={line}
          className={classes.skeleton}
          data-visible={visible || undefined}
          style={{ height, width: lines > 1 && line === lines - 1 ? '60%' : width }}
        />
      ))}
    </div>
  )
}

function useAfter(ms: number): boolean {
  const [passed, setPassed] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setPassed(true), ms)
    return () => clearTimeout(timer)
  }, [ms])
  return passed
}

interface NoticeProps {
  tone: 'info' | 'warn' | 'bad' | 'good'
  children: ReactNode
  action?: ReactNode
}

const noticeIcons: Record<NoticeProps['tone'], IconName> = {
  info: 'info',
  warn: 'triangle-alert',
  bad: 'circle-alert',
  good: 'circle-check',
}

/** A sentence that belongs above the content: the page works, but know this. */
export function Notice({ tone, children, action }: NoticeProps) {
  return (
    <div className={classes.notice} data-tone={tone} role={tone === 'bad' ? 'alert' : undefined}>
      <Icon name={noticeIcons[tone]} size={16} />
      <div className={classes.noticeWords}>{children}</div>
      {action}
    </div>
  )
}
