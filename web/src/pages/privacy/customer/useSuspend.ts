// How is a customer suspended and resumed, and who has to look again afterwards?
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { resume, suspend } from '@/api/privacyQueries'
import { described, useToast } from '@/kit'

interface Suspending {
  reason: string
  requestId: string | null
}

function useLookAgain(id: string) {
  const client = useQueryClient()
  return () => {
    void client.invalidateQueries({ queryKey: ['customer', id] })
    void client.invalidateQueries({ queryKey: ['customers'] })
    void client.invalidateQueries({ queryKey: ['privacy'] })
  }
}

export function useSuspend(id: string, onDone: () => void) {
  const lookAgain = useLookAgain(id)
  const toast = useToast()
  return useMutation({
    mutationFn: ({ reason, requestId }: Suspending) => suspend(id, reason, requestId),
    onSuccess: () => {
      onDone()
      lookAgain()
      toast.done('The customer is suspended', () => void resume(id).then(lookAgain, () => {}))
    },
  })
}

export function useResume(id: string) {
  const lookAgain = useLookAgain(id)
  const toast = useToast()
  return useMutation({
    mutationFn: () => resume(id),
    onSuccess: () => {
      lookAgain()
      toast.done('The customer is no longer suspended')
    },
    onError: (error) => toast.failed(`Nothing was changed. ${described(error).message}`),
  })
}
