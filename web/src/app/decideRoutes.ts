// Which pages does the stage "Decide" have?
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shell } from './roots'
import { textParams } from './search'

export function decideRoutes() {
  const segments = createRoute({
    getParentRoute: () => shell,
    path: '/decide/segments',
    validateSearch: textParams('q', 'show'),
    component: lazyRouteComponent(() => import('@/pages/segments/list/Segments'), 'Segments'),
  })
  const newSegment = createRoute({
    getParentRoute: () => shell,
    path: '/decide/segments/new',
    validateSearch: textParams('d', 'kept', 'face', 'name'),
    component: lazyRouteComponent(
      () => import('@/pages/segments/builder/NewSegment'),
      'NewSegment',
    ),
  })
  const segment = createRoute({
    getParentRoute: () => shell,
    path: '/decide/segments/$key',
    component: lazyRouteComponent(() => import('@/pages/segments/page/SegmentPage'), 'SegmentPage'),
  })
  const editSegment = createRoute({
    getParentRoute: () => shell,
    path: '/decide/segments/$key/edit',
    validateSearch: textParams('d', 'kept', 'face'),
    component: lazyRouteComponent(
      () => import('@/pages/segments/builder/EditSegment'),
      'EditSegment',
    ),
  })
  return [segments, newSegment, segment, editSegment]
}
