/** The workflows that the worker bundles. */
export { meeting } from './meeting/workflow';
