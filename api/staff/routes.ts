import type { DeskRoute, DeskRouteDeps } from './frame/route';
import { meetingRoutes } from './meeting/routes';
import { todayRoutes } from './today/today';

/** The desk's table of routes: what staff can do, by whom, and whose data it touches (design, decision 10). */
export const deskRoutes = (deps: DeskRouteDeps): DeskRoute[] => [
  ...todayRoutes(deps),
  ...meetingRoutes(deps),
];
