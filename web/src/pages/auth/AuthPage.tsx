// What frames the pages before somebody is signed in?
import { useEffect, type ReactNode } from 'react'
import { Mark } from '@/kit/frame/Frame'
import classes from './auth.module.css'

interface AuthPageProps {
  title: string
  lead?: ReactNode
  children: ReactNode
}

export function AuthPage({ title, lead, children }: AuthPageProps) {
  useEffect(() => {
    document.title = `${title} · Rapport`
  }, [title])
  return (
    <main className={classes.page}>
      <div className={classes.column}>
        <div className={classes.brand}>
          <Mark size={28} />
          <span>Rapport</span>
        </div>
        <h1>{title}</h1>
        {lead && <p className={classes.lead}>{lead}</p>}
        {children}
      </div>
    </main>
  )
}
