// In which of the three steps am I, and which can I go back to?
import { Link } from '@tanstack/react-router'
import { Icon } from '@/kit'
import classes from './import.module.css'

export type Step = 'file' | 'columns' | 'run'

const steps: { key: Step; words: string }[] = [
  { key: 'file', words: 'File' },
  { key: 'columns', words: 'What the columns mean' },
  { key: 'run', words: 'Run' },
]

interface StepsProps {
  at: Step
  upload: string | undefined
  /** Rows are in already: the way back is closed. */
  isUnderWay: boolean
}

export function Steps({ at, upload, isUnderWay }: StepsProps) {
  const now = steps.findIndex((step) => step.key === at)
  return (
    <nav aria-label="Steps of the import">
      <ol className={classes.steps}>
        {steps.map(({ key, words }, i) => (
          <li key={key} data-state={i < now ? 'done' : i === now ? 'now' : 'ahead'}>
            <span className={classes.number}>
              {i < now ? <Icon name="check" size={14} label="Done:" /> : i + 1}
            </span>
            {i < now && !isUnderWay ? (
              <Link to="/listen/imports/new" search={key === 'file' ? {} : { upload }}>
                {words}
              </Link>
            ) : (
              <span aria-current={i === now ? 'step' : undefined}>{words}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}
