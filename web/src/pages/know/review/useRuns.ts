// How is a search started, stopped and undone, and who looks again afterwards?
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { described, useToast } from '@/kit'
import { cancelRun, linkageQuery, startRun, undoRun } from './queries'
import type { Run } from './wire'

function useRefresh() {
  const client = useQueryClient()
  return () => {
    void client.invalidateQueries({ queryKey: linkageQuery.queryKey })
    void client.invalidateQueries({ queryKey: ['linkage runs'] })
    void client.invalidateQueries({ queryKey: ['linkage spread'] })
    client.removeQueries({ queryKey: ['customer'], type: 'inactive' })
    client.removeQueries({ queryKey: ['customers'], type: 'inactive' })
  }
}

export function useStartRun() {
  const refresh = useRefresh()
  const toast = useToast()
  return useMutation({
    mutationFn: startRun,
    onSettled: refresh,
    onError: (error) => toast.failed(`No search was started. ${described(error).message}`),
  })
}

const doneWords = {
  cancel: 'The search is being stopped',
  undo: 'The search is undone: its links are as if they had never been',
}

export function useActOnRun(run: Run, act: 'cancel' | 'undo') {
  const refresh = useRefresh()
  const toast = useToast()
  return useMutation({
    mutationFn: () => (act === 'cancel' ? cancelRun(run.id) : undoRun(run.id)),
    onSettled: refresh,
    onSuccess: () => toast.done(doneWords[act]),
    onError: (error) => toast.failed(`Nothing was changed. ${described(error).message}`),
  })
}
