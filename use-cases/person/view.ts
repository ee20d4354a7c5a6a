import type { Person } from '../../records/people';

/** A person as the clinic's system reads them. */
export function personView({
  personId,
  personal,
  language,
  noticesBy,
  protectedIdentity,
  smsConsent,
  careHistoryConsent,
  guardianStops,
}: Person) {
  return {
    personId,
    name: personal.name,
    personalNumber: personal.identity?.number ?? null,
    identityKind: personal.identity?.kind ?? null,
    birthDate: personal.birthDate,
    mobile: personal.mobile?.number ?? null,
    email: personal.email?.address ?? null,
    language,
    noticesBy,
    unsuitableWays: personal.unsuitableWays,
    protectedIdentity,
    smsConsent,
    careHistoryConsent,
    guardianStops,
  };
}
