/** The workflows that the worker bundles. */
export { invoice } from './invoice/workflow';
export { meeting } from './meeting/workflow';
