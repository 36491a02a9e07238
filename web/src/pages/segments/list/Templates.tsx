// With which segments do most houses begin? One click opens the builder with one of them.
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { viewerClock } from '@/api/metricQueries'
import { stringifySearch } from '@/app/search'
import boards from '@/pages/boards/boards.module.css'
import { searchOf } from '../builder/address'
import { definitionWith, templates, type Template } from '../builder/starts'

const addressOf = ({ name, who }: Pick<Template, 'name' | 'who'>) =>
  stringifySearch({ ...searchOf(definitionWith(who, viewerClock)), name })

interface TemplatesProps {
  /** The keys of segments that are there already. */
  taken: string[]
}

export function Templates({ taken }: TemplatesProps) {
  const offered = templates.filter(({ key }) => !taken.includes(key))
  return (
    <ul className={boards.templates} aria-label="Templates">
      {offered.map(({ key, name, note, who }) => (
        <li key={key} className={boards.template}>
          <h3>{name}</h3>
          <p>{note}</p>
          <div className={boards.templateEnd}>
            <Button
              component={Link}
              to={`/decide/segments/new${addressOf({ name, who })}`}
              variant="default"
              size="xs"
              aria-label={`Begin with it: ${name}`}
            >
              Begin with it
            </Button>
          </div>
        </li>
      ))}
    </ul>
  )
}
