// How much money is it? Tabular, in its own currency, nothing rounded away.
import { money, type MoneyAmount } from './money'

export function Money({ amount }: { amount: MoneyAmount }) {
  return <span style={{ whiteSpace: 'nowrap' }}>{money(amount)}</span>
}
