// What does a value say, and in which characters does it differ from the other one?
// Marked by weight and a line below, not by colour alone; told in words beside it.
import type { Stretch } from './diff'
import classes from './pair.module.css'

export function Differing({ stretches }: { stretches: Stretch[] }) {
  return (
    <bdi className={classes.value}>
      {stretches.map(({ text, mark }, i) => {
        if (mark === 'same') return <span key={i}>{text}</span>
        if (mark === 'gap') return <span key={i} className={classes.gap} aria-hidden />
        return (
          <mark key={i} className={classes.differs}>
            {text}
          </mark>
        )
      })}
    </bdi>
  )
}
