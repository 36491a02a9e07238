// How is a request changed, and who has to look again afterwards?
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { changeRequest, requestQuery } from '@/api/privacyQueries'
import type { RequestPatch } from '@/api/privacyTypes'
import { described, useToast } from '@/kit'

export function useChangeRequest(id: string) {
  const client = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: (patch: RequestPatch) => changeRequest(id, patch),
    onSuccess: (changed) => {
      client.setQueryData(requestQuery(id).queryKey, changed)
      void client.invalidateQueries({ queryKey: ['privacy', 'requests'] })
    },
    onError: (error) => toast.failed(`Nothing was changed. ${described(error).message}`),
  })
}
