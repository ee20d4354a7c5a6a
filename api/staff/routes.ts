import type { DeskRoute, DeskRouteDeps } from './frame/route';
import { invoiceRoutes } from './invoices/routes';
import { taskRoutes } from './tasks/routes';
import { takeOverRoutes } from './take-over/routes';
import { todayRoutes } from './today/today';

/** The desk's table of routes: what staff can do, by whom, and whose data it touches (design, decision 10). */
export const deskRoutes = (deps: DeskRouteDeps): DeskRoute[] => [
  ...todayRoutes(deps),
  ...taskRoutes(deps),
  ...invoiceRoutes(deps),
  ...takeOverRoutes(deps),
];
