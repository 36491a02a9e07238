// Which events and properties are in a plan?
import { useState } from 'react'
import type { Plan, PlanEvent } from '@/api/types'
import { Icon, Tag } from '@/kit'
import { counted } from '@/kit/number'
import classes from './listen.module.css'

export function PlanEvents({ plan }: { plan: Plan }) {
  return (
    <ul className={classes.planEvents}>
      {plan.events.map((event) => (
        <PlanEventLine key={`${event.kind} ${event.name}`} event={event} />
      ))}
    </ul>
  )
}

function PlanEventLine({ event }: { event: PlanEvent }) {
  const [open, setOpen] = useState(false)
  return (
    <li>
      <button
        type="button"
        className={classes.planToggle}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name={open ? 'chevron-down' : 'chevron-right'} size={14} />
        <span className={classes.planName}>{event.name}</span>
        <Tag>{event.kind}</Tag>
        <span className={classes.planCount}>
          {counted(event.properties.length, 'property', 'properties')}
          {event.n !== null && `, seen ${counted(event.n, 'time')}`}
        </span>
      </button>
      {open && <Properties event={event} />}
    </li>
  )
}

function Properties({ event }: { event: PlanEvent }) {
  if (event.properties.length === 0) return <p className={classes.planNone}>No properties.</p>
  return (
    <table className={classes.table} data-nested>
      <thead>
        <tr>
          <th scope="col">Property</th>
          <th scope="col">Type</th>
          <th scope="col">Required</th>
          <th scope="col" data-wide>
            Example
          </th>
        </tr>
      </thead>
      <tbody>
        {event.properties.map((property) => (
          <tr key={property.name}>
            <td>
              <code>{property.name}</code>
            </td>
            <td>{property.types.join(' or ')}</td>
            <td>{property.required ? 'yes' : 'no'}</td>
            <td data-wide className={classes.example}>
              {property.example === null ? (
                <span className="muted">none kept</span>
              ) : (
                <code>{property.example}</code>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
