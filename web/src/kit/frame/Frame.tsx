// Where am I in the loop, and where can I go? A rail on wide screens, a bar below on phones.
import type { ReactNode } from 'react'
import { Icon, type IconName } from '../Icon'
import classes from './Frame.module.css'

export interface NavPage {
  to: string
  label: string
}

export interface NavStage {
  key: string
  label: string
  icon: IconName
  to: string
  pages: NavPage[]
}

interface FrameProps {
  stages: NavStage[]
  /** The path that is shown now. */
  path: string
  link: (to: string, props: LinkLook) => ReactNode
  onFind: () => void
  /** Who is signed in, the theme, the way out. */
  account: ReactNode
  /** What stands beside the name, and beside the search on a phone. */
  beside?: ReactNode
  children: ReactNode
}

export interface LinkLook {
  className?: string
  current: boolean
  children: ReactNode
}

export function Frame({ stages, path, link, onFind, account, beside, children }: FrameProps) {
  const here = stages.find((stage) => isWithin(path, stage))
  return (
    <div className={classes.frame}>
      <a href="#content" className="skip-link">
        Skip to the content
      </a>
      <aside className={classes.rail}>
        <div className={classes.brand}>
          <Mark />
          <span>Rapport</span>
          {beside && <div className={classes.beside}>{beside}</div>}
        </div>
        <FindButton onFind={onFind} />
        <nav aria-label="The loop" className={classes.nav}>
          {stages.map((stage) => (
            <Stage key={stage.key} stage={stage} path={path} link={link} />
          ))}
        </nav>
        <div className={classes.account}>{account}</div>
      </aside>
      <div className={classes.phoneTop} role="region" aria-label="Top">
        <Mark />
        {here && here.pages.length > 0 ? (
          <nav aria-label={here.label} className={classes.phonePages}>
            {here.pages.map((page) => (
              <span key={page.to}>
                {link(page.to, { current: startsWith(path, page.to), children: page.label })}
              </span>
            ))}
          </nav>
        ) : (
          <span className={classes.phoneBrand}>Rapport</span>
        )}
        <div className={classes.phoneEnd}>
          {beside}
          <button type="button" className={classes.iconButton} aria-label="Find" onClick={onFind}>
            <Icon name="search" size={20} />
          </button>
        </div>
      </div>
      <main id="content" className={classes.content} tabIndex={-1}>
        {children}
      </main>
      <nav aria-label="Stages" className={classes.bar}>
        {stages.map((stage) =>
          link(stage.to, {
            className: classes.barItem,
            current: stage === here,
            children: (
              <>
                <Icon name={stage.icon} size={20} />
                <span>{stage.label}</span>
              </>
            ),
          }),
        )}
      </nav>
    </div>
  )
}

function FindButton({ onFind }: { onFind: () => void }) {
  return (
    <button type="button" className={classes.find} onClick={onFind}>
      <Icon name="search" size={14} />
      <span>Find</span>
      <kbd>Ctrl K</kbd>
    </button>
  )
}

function Stage({ stage, path, link }: { stage: NavStage } & Pick<FrameProps, 'path' | 'link'>) {
  const look = (
    <>
      <Icon name={stage.icon} size={16} className={classes.stageIcon} />
      <span>{stage.label}</span>
    </>
  )
  if (stage.pages.length === 0) {
    return (
      <div className={classes.stage} data-stage={stage.key}>
        {link(stage.to, {
          className: classes.item,
          current: isWithin(path, stage),
          children: look,
        })}
      </div>
    )
  }
  return (
    <div className={classes.stage} data-stage={stage.key} role="group" aria-label={stage.label}>
      <div className={classes.stageName}>{look}</div>
      {stage.pages.map((page) => (
        <div key={page.to}>
          {link(page.to, {
            className: classes.subItem,
            current: startsWith(path, page.to),
            children: page.label,
          })}
        </div>
      ))}
    </div>
  )
}

/** Two circles that touch: a customer and a company. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden className={classes.mark}>
      <rect width="32" height="32" rx="8" />
      <circle cx="12.5" cy="16" r="5.5" />
      <circle cx="19.5" cy="16" r="5.5" />
    </svg>
  )
}

function startsWith(path: string, to: string): boolean {
  return path === to || path.startsWith(`${to}/`)
}

function isWithin(path: string, stage: NavStage): boolean {
  if (stage.to === '/') return path === '/'
  return startsWith(path, stage.to) || stage.pages.some((page) => startsWith(path, page.to))
}
