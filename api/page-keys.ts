/** How the keys of commands begin that patients' pages give; a clinic's are refused that begin so. */
export const PERSONS_KEY = 'person/';
/** The same of the desk's. */
export const DESK_KEY = 'desk/';
