/** The workflows that the worker bundles. */
export { case } from './case/workflow';
export { invoice } from './invoice/workflow';
export { careMeeting } from './meeting/workflow';
export { meeting } from './meeting/of-0-1/workflow';
