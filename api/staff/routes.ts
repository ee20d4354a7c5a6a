import { bookRoutes } from './book/routes';
import { caseDeskRoutes } from './cases/routes';
import { answeredRoutes } from './frame/answered';
import type { DeskRoute, DeskRouteDeps } from './frame/route';
import { inboxRoutes } from './inbox/inbox';
import { invoiceRoutes } from './invoices/routes';
import { lockRoutes } from './lock/lock';
import { manageRoutes } from './manage/routes';
import { meRoutes } from './me/me';
import { meetingRoutes } from './meeting/routes';
import { peopleRoutes } from './people/routes';
import { roomRoutes } from './room/routes';
import { takeOverRoutes } from './take-over/routes';
import { taskRoutes } from './tasks/routes';
import { todayRoutes } from './today/today';

/** The desk's table of routes: what staff can do, by whom, and whose data it touches (design, decision 10). */
export const deskRoutes = (deps: DeskRouteDeps): DeskRoute[] => [
  ...todayRoutes(deps),
  ...meetingRoutes(deps),
  ...roomRoutes(deps),
  ...takeOverRoutes(deps),
  ...inboxRoutes(deps),
  ...caseDeskRoutes(deps),
  ...taskRoutes(deps),
  ...bookRoutes(deps),
  ...peopleRoutes(deps),
  ...invoiceRoutes(deps),
  ...manageRoutes(deps),
  ...meRoutes(),
  ...lockRoutes(),
  ...answeredRoutes(),
];
