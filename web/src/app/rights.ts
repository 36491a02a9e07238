// Who may do what? The page's copy of the engine's table: to explain, never to protect.
import type { Role } from '@/api/types'

export type Right =
  | 'view_write_keys'
  | 'change_sources'
  | 'change_plans'
  | 'view_events'
  | 'change_identity'
  | 'run_imports'
  | 'handle_privacy'
  | 'export_customers'
  | 'erase_customers'
  | 'manage_users'
  | 'manage_tokens'
  | 'view_audit'
  | 'change_traits'
  | 'ask_sql'
  | 'change_boards'
  | 'change_segments'

const holders: Record<Right, Role[]> = {
  view_write_keys: ['admin', 'marketer'],
  change_sources: ['admin', 'marketer'],
  change_plans: ['admin', 'marketer', 'analyst'],
  view_events: ['admin', 'marketer', 'analyst', 'read_only'],
  change_identity: ['admin', 'marketer', 'sales'],
  run_imports: ['admin', 'marketer', 'analyst'],
  handle_privacy: ['admin', 'marketer', 'sales'],
  export_customers: ['admin'],
  erase_customers: ['admin'],
  manage_users: ['admin'],
  manage_tokens: ['admin'],
  view_audit: ['admin'],
  change_traits: ['admin'],
  ask_sql: ['admin', 'analyst'],
  change_boards: ['admin', 'marketer', 'analyst'],
  change_segments: ['admin', 'marketer', 'analyst'],
}

export function may(role: Role | undefined, right: Right): boolean {
  return role !== undefined && holders[right].includes(role)
}

export const roleWords: Record<Role, { label: string; may: string }> = {
  admin: { label: 'Admin', may: 'Everything, users and API tokens included' },
  marketer: { label: 'Marketer', may: 'Sets up sources and plans, works with customers' },
  analyst: { label: 'Analyst', may: 'Sees everything, sets plans, imports files' },
  sales: { label: 'Sales', may: 'Sees customers and accounts, merges and parts them' },
  read_only: { label: 'Read only', may: 'Sees everything, changes nothing' },
}

/** Why a control is switched off, for its tooltip. */
export function whyNot(right: Right): string {
  const roles = holders[right].map((role) => roleWords[role].label.toLowerCase())
  const last = roles.pop()
  const who = roles.length > 0 ? `${roles.join(', ')} or ${last}` : last
  return `This needs the role ${who}. Ask an admin of this installation.`
}
