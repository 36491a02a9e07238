// What does one card of a shared board say?
import { useQuery } from '@tanstack/react-query'
import { sharedAnswerQuery } from '@/api/boardQueries'
import type { Card } from '@/api/boardTypes'
import { absolute } from '@/kit/time'
import classes from './boards.module.css'
import { Picture } from './Picture'

export function SharedCard({ card, token }: { card: Card; token: string }) {
  const told = useQuery(sharedAnswerQuery(token, card))
  const at = told.data?.told.answer.explained.answered_at
  return (
    <article
      className={classes.card}
      aria-label={card.title}
      title={at && `Asked ${absolute(new Date(at))}`}
    >
      <header className={classes.cardHead}>
        <h2 className={classes.cardTitle}>{card.title}</h2>
      </header>
      {card.note && <p className={classes.cardNote}>{card.note}</p>}
      <Picture title={card.title} told={told} look={card.look} />
    </article>
  )
}
