// What is this page, and which question does it answer?
import { useEffect, type ReactNode } from 'react'
import classes from './page.module.css'

interface PageHeaderProps {
  title: string
  /** One line that says what the page answers. */
  lead?: ReactNode
  /** At most one primary button. */
  action?: ReactNode
  above?: ReactNode
}

export function PageHeader({ title, lead, action, above }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · Rapport`
  }, [title])

  return (
    <header className={classes.header}>
      {above}
      <div className={classes.titleRow}>
        <h1 className={classes.title}>{title}</h1>
        {action && <div className={classes.action}>{action}</div>}
      </div>
      {lead && <p className={classes.lead}>{lead}</p>}
    </header>
  )
}

interface PageProps {
  children: ReactNode
  /** reading: 720 px of text; data: the full width; fill: the full height too (long tables). */
  width?: 'reading' | 'data' | 'fill'
}

export function Page({ children, width = 'data' }: PageProps) {
  return (
    <div className={classes.page} data-width={width}>
      {children}
    </div>
  )
}

interface SectionProps {
  title: string
  children: ReactNode
  aside?: ReactNode
  id?: string
}

export function Section({ title, children, aside, id }: SectionProps) {
  return (
    <section className={classes.section} aria-label={title} id={id}>
      <div className={classes.sectionHead}>
        <h2>{title}</h2>
        {aside && <div className={classes.aside}>{aside}</div>}
      </div>
      {children}
    </section>
  )
}
