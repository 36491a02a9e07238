// What does the definition look like in SQL? To be read and run, not to be typed into.
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Definition } from '@/api/definitionTypes'
import { readDefinitionQuery } from '@/api/segmentQueries'
import { stringifySearch } from '@/app/search'
import { useMay } from '@/app/useSession'
import { CodeBlock, ErrorState, Skeleton } from '@/kit'
import { fitsAddress } from '@/pages/sql/useQueryText'
import classes from './builder.module.css'

export function SqlFace({ definition }: { definition: Definition }) {
  const read = useQuery(readDefinitionQuery(definition))
  const maySql = useMay('ask_sql')
  if (read.isPending) return <Skeleton height={240} />
  if (read.isError) {
    return (
      <ErrorState
        what="The SQL could not be written"
        error={read.error}
        onRetry={() => void read.refetch()}
      />
    )
  }
  const { sql } = read.data
  return (
    <div className={classes.formula} aria-busy={read.isPlaceholderData}>
      <CodeBlock code={sql} label="SQL" wrap />
      <p className={classes.aside}>
        The same customers, asked of the tables as of now. SQL is written from the definition and
        not read back; change it as a sentence or as a formula.
      </p>
      {maySql && fitsAddress(sql) && (
        <div>
          <Button
            component={Link}
            to={`/ask/sql${stringifySearch({ query: sql })}`}
            variant="default"
          >
            Open in SQL
          </Button>
        </div>
      )}
    </div>
  )
}
