// Who in this file is a customer already? Asked before anything is stored.
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ImportMapping } from '@/api/types'
import { Icon, Section } from '@/kit'
import { ImportDuplicates } from '../../know/review/ImportDuplicates'
import { uploadDuplicatesQuery } from '../../know/review/queries'
import classes from './import.module.css'

interface DuplicatesProps {
  uploadId: string
  mapping: ImportMapping
}

export function Duplicates({ uploadId, mapping }: DuplicatesProps) {
  const [asked, setAsked] = useState<ImportMapping | null>(null)
  const isAsked = asked === mapping
  const found = useQuery({ ...uploadDuplicatesQuery(uploadId, mapping), enabled: isAsked })
  return (
    <Section title="Who is here already?">
      {isAsked ? (
        <ImportDuplicates found={found} />
      ) : (
        <div className={classes.row}>
          <Button
            variant="default"
            leftSection={<Icon name="users" size={14} />}
            onClick={() => setAsked(mapping)}
          >
            Compare with your customers
          </Button>
          <span className="muted">
            Nothing is stored. It takes a moment: up to 10,000 rows, spread over the file, are
            compared.
          </span>
        </div>
      )}
    </Section>
  )
}
