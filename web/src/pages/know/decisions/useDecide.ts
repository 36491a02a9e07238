// How is a decision made and taken back, and who has to look again afterwards?
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { answer, api } from '@/api/client'
import type { DecisionPreview } from '@/api/types'
import { described, useToast } from '@/kit'
import type { Ask } from './ask'

interface Order {
  ask: Ask
  reason: string
  preview: DecisionPreview
}

/** Where a decision was made from, and on whose pages the person may have landed by it. */
interface Whence {
  page: string
  landings: string[]
}

/** Decides; then says so with the way back, and every page asks anew. */
export function useDecide(page: string, onDone: () => void) {
  const refresh = useRefresh()
  const takeBack = useTakeBack()
  const toast = useToast()
  return useMutation({
    mutationFn: ({ ask, reason }: Order) =>
      answer(api.POST('/api/decisions', { body: { ...ask.wish, reason } })),
    onSuccess: (decision, { ask, preview }) => {
      onDone()
      refresh()
      const landings = preview.after.map((card) => card.id)
      toast.done(ask.done(preview), () => void takeBack(decision.id, { page, landings }))
    },
  })
}

/** Takes a decision back; who was led to another page by it is led home again. */
export function useTakeBack() {
  const refresh = useRefresh()
  const router = useRouter()
  const toast = useToast()
  return async (id: string, whence?: Whence) => {
    try {
      await answer(api.POST('/api/decisions/{id}/undo', { params: { path: { id } } }))
    } catch (error) {
      toast.failed(`Nothing was changed. ${described(error).message}`)
      return
    }
    toast.done('Taken back: it is as if it had never been decided')
    refresh()
    const at = whence?.landings.find(
      (landing) => router.state.location.pathname === pathOf(landing),
    )
    if (whence && at && at !== whence.page) {
      await router.navigate({ to: '/know/customers/$id', params: { id: whence.page } })
    }
  }
}

const pathOf = (id: string) => `/know/customers/${id}`

/** Who is one customer shows on every page. What is not on screen is forgotten: an old answer
 * could lead on to a customer whom somebody is no longer part of. */
function useRefresh() {
  const client = useQueryClient()
  return () => {
    client.removeQueries({ queryKey: ['customer'], type: 'inactive' })
    void client.invalidateQueries({
      predicate: ({ queryKey }) => queryKey[0] !== 'decision preview',
    })
  }
}
