/** Our own icons, drawn on 24 by 24 in lines of the text's colour. */
const paths = {
  check: 'm5 12.5 4.5 4.5L19 7.5',
  info: 'M12 11v6m0-10h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z',
  warning: 'M12 9v5m0 3h.01M10.3 4 2.5 18a2 2 0 0 0 1.7 3h15.6a2 2 0 0 0 1.7-3L13.7 4a2 2 0 0 0-3.4 0Z',
  error: 'm9 9 6 6m0-6-6 6M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z',
  calendar: 'M4 9h16M8 3v4m8-4v4M5 5h14a1 1 0 0 1 1 1v14H4V6a1 1 0 0 1 1-1Z',
  clock: 'M12 7v5l3.5 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z',
  person: 'M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-8 10a8 8 0 0 1 16 0',
  phone: 'M6 3h3l2 5-2.5 1.5a12 12 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3Z',
  video: 'M3 6h11a1 1 0 0 1 1 1v10H4a1 1 0 0 1-1-1Zm12 5 6-4v10l-6-4',
  microphone: 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM5 11a7 7 0 0 0 14 0m-7 7v3',
  sound: 'M4 9h4l5-4v14l-5-4H4Zm12 0a4 4 0 0 1 0 6m3-9a8 8 0 0 1 0 12',
  turn: 'M4 12a8 8 0 0 1 14-5l2 2m0-5v5h-5m5 3a8 8 0 0 1-14 5l-2-2m0 5v-5h5',
  leave: 'M14 4h5v16h-5M3 12h11m-4-4 4 4-4 4',
  lock: 'M6 11h12v10H6Zm2.5 0V7.5a3.5 3.5 0 0 1 7 0V11',
  attach: 'm20 11-8.5 8.5a5 5 0 0 1-7-7L13 4a3.5 3.5 0 0 1 5 5l-8.5 8.5a2 2 0 0 1-3-3L14 7',
  camera: 'M3 8h4l2-3h6l2 3h4v12H3Zm9 9a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Z',
  chat: 'M4 4h16v12H10l-5 4v-4H4Z',
  wallet: 'M3 7h16v13H3Zm0 0 12-4v4m4 6h-4v2h4',
} as const;

/** The name of an icon. */
export type IconName = keyof typeof paths;
/** All of them. */
export const iconNames = Object.keys(paths) as IconName[];

/** An icon beside its word, which says the same: those who hear the page are not told of it. */
export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={paths[name]} />
  </svg>
);
