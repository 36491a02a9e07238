// Who is signed in here, and what may they do?
import { useQuery } from '@tanstack/react-query'
import { sessionQuery } from '@/api/queries'
import { may, type Right } from './rights'

export function useUser() {
  return useQuery(sessionQuery).data?.user ?? null
}

export function useMay(right: Right): boolean {
  return may(useUser()?.role, right)
}
