// How does one get back to the list of segments?
import { Link } from '@tanstack/react-router'
import boards from '@/pages/boards/boards.module.css'

export function SegmentsLink() {
  return (
    <Link to="/decide/segments" className={boards.above}>
      Segments
    </Link>
  )
}
