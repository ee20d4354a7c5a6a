import type { ParticipantRequest } from '../frame/route';
import { decidesForPatient } from '../frame/route';
import { PhoneNumber } from '../../pages/page';
import { canCall } from './whose';
import { wording } from '../../frame/wording';

/**
 * How to reach the clinic: by telephone, and in writing. One who cannot be called is not told to call (R4.6);
 * where the clinic takes no messages here, the page behind the link says where it does (R6.6).
 */
export function ContactClinic({ request, lead }: { request: ParticipantRequest; lead?: string }) {
  const words = texts[request.language];
  const write = (label: string) => <a href="/my/new-case">{label}</a>;
  const number = <PhoneNumber number={request.clinic.settings.phone} />;
  return (
    <p>
      {lead !== undefined && `${lead} `}
      {!canCall(request) ? (
        <>{write(words.write)}.</>
      ) : decidesForPatient(request.participant.role) ? (
        <>
          {words.call} {number} {words.or} {write(words.orWrite)}.
        </>
      ) : (
        <>
          {words.call} {number}.
        </>
      )}
    </p>
  );
}

const texts = wording({
  sv: {
    call: 'Ring mottagningen:',
    or: 'eller',
    orWrite: 'skriv till mottagningen',
    write: 'Skriv till mottagningen',
  },
  en: { call: 'Call the clinic:', or: 'or', orWrite: 'write to the clinic', write: 'Write to the clinic' },
});
