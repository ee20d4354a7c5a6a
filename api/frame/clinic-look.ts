import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Records } from '../../records';
import type { Clinic } from '../../records/clinics';
import type { FrameClinic } from './page-frame';
import { noSuchRoute } from '../problems';
import { id } from '../../use-cases/fields';

/** Where a clinic's own logo and colours are served: from our own origin, as the pages' policy wants it. */
export const LOGO_PATH = '/assets/clinics/{clinicId}/logo.png';
export const COLOURS_PATH = '/assets/clinics/{clinicId}/colours.css';

const addressOf = (path: string, clinicId: string, content: string): string => {
  const version = createHash('sha256').update(content).digest('base64url').slice(0, 8);
  return `${path.replace('{clinicId}', clinicId)}?${version}`;
};

/** A clinic as the frame shows it. */
export function frameClinicOf({ clinicId, settings: { name, phone, presentation } }: Clinic): FrameClinic {
  const { logo, colour } = presentation;
  return {
    clinicId,
    name,
    phone,
    logo: logo === null ? null : addressOf(LOGO_PATH, clinicId, logo),
    colours: colour === null ? null : addressOf(COLOURS_PATH, clinicId, colour),
  };
}

/** Serves the clinic's logo, as it was checked when it was set. */
export const serveLogo = (deps: LookDeps): RequestHandler =>
  ofClinic(deps, ({ logo }) => logo && { type: 'image/png', content: Buffer.from(logo, 'base64') });

/** Serves the clinic's colour: pages have no styles of their own, so it comes as a file. */
export const serveColours = (deps: LookDeps): RequestHandler =>
  ofClinic(deps, ({ colour }) => colour && { type: 'text/css', content: `:root{--band:${colour}}` });

type LookDeps = { records: Pick<Records, 'clinics'> };

function ofClinic(
  { records }: LookDeps,
  fileOf: (
    presentation: Clinic['settings']['presentation'],
  ) => { type: string; content: string | Buffer } | null | '',
): RequestHandler {
  return async (request, response, next) => {
    const clinicId = id.safeParse(request.params.clinicId);
    const clinic = clinicId.success ? await records.clinics.find(clinicId.data) : null;
    const file = clinic && fileOf(clinic.settings.presentation);
    if (!file) {
      noSuchRoute(request, response, next);
      return;
    }
    response.set('Cache-Control', 'public, max-age=86400').type(file.type).send(file.content);
  };
}
