import { caseDeskRoutes } from './cases/routes';
import type { DeskRoute, DeskRouteDeps } from './frame/route';
import { inboxRoutes } from './inbox/inbox';
import { todayRoutes } from './today/today';

/** The desk's table of routes: what staff can do, by whom, and whose data it touches (design, decision 10). */
export const deskRoutes = (deps: DeskRouteDeps): DeskRoute[] => [
  ...todayRoutes(deps),
  ...inboxRoutes(deps),
  ...caseDeskRoutes(deps),
];
