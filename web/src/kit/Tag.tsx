// Which short word belongs to this thing?
import type { ReactNode } from 'react'
import classes from './Tag.module.css'

interface TagProps {
  children: ReactNode
  mono?: boolean
  title?: string
}

export function Tag({ children, mono = false, title }: TagProps) {
  return (
    <span className={classes.tag} data-mono={mono || undefined} title={title}>
      {children}
    </span>
  )
}
