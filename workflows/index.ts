/** The workflows that the worker bundles. */
export { case } from './case/workflow';
export { invoice } from './invoice/workflow';
export { meeting } from './meeting/workflow';
