// How does an uploaded file begin to be imported, or go on?
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { answer, api } from '@/api/client'
import { importQuery, uploadsQuery } from '@/api/importQueries'
import { importsQuery } from '@/api/queries'
import type { ImportMapping } from '@/api/types'

interface Start {
  uploadId: string
  mapping: ImportMapping
}

export function useStartImport(onRuns: (importId: string) => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ uploadId, mapping }: Start) =>
      answer(
        api.POST('/api/uploads/{id}/import', {
          params: { path: { id: uploadId } },
          body: { mapping },
        }),
      ),
    onSuccess: (begun) => {
      client.setQueryData(importQuery(begun.id).queryKey, begun)
      void client.invalidateQueries({ queryKey: importsQuery.queryKey, exact: true })
      void client.invalidateQueries({ queryKey: uploadsQuery.queryKey, exact: true })
      onRuns(begun.id)
    },
  })
}
