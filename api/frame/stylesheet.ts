import { readAsset } from '../pages/asset';
import { packedFile, versioned } from '../packed';

/** In the order of the cascade. */
const parts = ['1-tokens', '2-elements', '3-frame', '4-parts', '5-patient', '5-staff', '6-media'] as const;

/** Comments and indentation are for those who read the source. */
const withoutComments = (css: string): string =>
  css
    .replaceAll(/\/\*[^]*?\*\//g, '')
    .replaceAll(/\n\s*/g, '\n')
    .trim();

/** The one stylesheet of all pages: patients', staff's and the local stand's. At most 12 KB packed. */
export const stylesheetText = parts
  .map((name) => withoutComments(readAsset(`api/frame/assets/${name}.css`)))
  .join('\n');

/** Where it is served. */
export const STYLESHEET_PATH = '/assets/vardmote.css';
/** Where pages ask for it: another address for another content. */
export const stylesheet = versioned(STYLESHEET_PATH, stylesheetText);
/** Serves it. */
export const serveStylesheet = packedFile('css', stylesheetText);
