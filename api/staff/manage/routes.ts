import type { DeskRoute, DeskRouteDeps } from '../frame/route';
import { feeRoutes } from './fees';
import { logRoutes } from './log';
import { overviewRoutes } from './overview';
import { sampleRoutes } from './sample';
import { settingsRoutes } from './settings';
import { staffRoutes } from './staff';

/** The operations manager's part of the desk. */
export const manageRoutes = (deps: DeskRouteDeps): DeskRoute[] => [
  ...overviewRoutes(deps),
  ...staffRoutes(deps),
  ...feeRoutes(deps),
  // Before the log of a person: its address would be taken for a person's.
  ...sampleRoutes(deps),
  ...logRoutes(deps),
  ...settingsRoutes(deps),
];
